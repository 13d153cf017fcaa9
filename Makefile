# The list of commands. `make help` prints it.
.DEFAULT_GOAL := help
.PHONY: bench-devserver bench-devserver-large bench-makespan bench-start build chaos ci continuity crash demo fleet format help histories reference roll-large soak test

help: ## Print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "%-18s %s\n", $$1, $$2 }'

build: ## Build everything
	dotnet build

test: ## Run every test
	dotnet test

format: ## Format the code
	dotnet format

demo: ## Rotate a lab cluster, nothing needed
	dotnet run --project worker -- demo

histories: ## Record the histories that tests/replay replays; only together with a patch in the workflow
	ROTATION_RECORD_HISTORIES=1 dotnet run --project tests/workflow -- --filter-class "*HistoryRecorder"

reference: ## Write docs/reference anew from the code
	UPDATE_SNAPSHOTS=1 dotnet run --project tests/docs -- --filter-class '*ReferenceTests'

NODES ?= 1000

roll-large: ## Roll a cluster of NODES nodes in 10 groups on the embedded server, with activities that cost nothing
	ROTATION_ROLL_NODES=$(NODES) dotnet run --project tests/workflow -- --filter-class '*LargeRollTests'

BENCH := artifacts/bin/Rotation.Bench/release/Rotation.Bench
BUILD_BENCH := dotnet build bench -c Release -v q --nologo

bench-devserver: ## Measure the embedded server; the last line is one JSON object
	$(BUILD_BENCH)
	$(BENCH) devserver

bench-devserver-large: ## Measure it with 100,000 closed and 10,000 open workflows
	$(BUILD_BENCH)
	$(BENCH) large 100000

bench-makespan: ## Roll simulated clusters in kOps' order and in ours; the last line is one JSON object
	@$(BUILD_BENCH) >&2
	@$(BENCH) makespan

soak: ## Ten minutes of load with 1,000 idle pollers; the JSON line compares the server's memory of both halves
	$(BUILD_BENCH)
	$(BENCH) soak 10

bench-start: ## Measure how long rotation takes to start, as the ordinary build makes it; the last line is one JSON object
	dotnet build worker -v q --nologo
	$(BUILD_BENCH)
	$(BENCH) start artifacts/bin/Rotation.Worker/debug/rotation

KILLS ?= 200
SEED ?= 1

crash: ## Kill the embedded server KILLS times under load; the JSON line says what was lost
	ROTATION_CRASH_KILLS=$(KILLS) ROTATION_CRASH_SEED=$(SEED) dotnet run --project tests/endtoend -- --filter-class '*ServerCrashTests' --output Detailed

FLEET ?= 100

fleet: ## Rotate FLEET simulated clusters at once on one worker and one embedded server; one line is a JSON object
	ROTATION_FLEET_CLUSTERS=$(FLEET) dotnet run --project tests/workflow -- --filter-class '*FleetMeasurement' --output Detailed

SCHEDULES ?= 100000

continuity: ## Check trust continuity on SCHEDULES random schedules of steps, crashes, joins and ways back
	ROTATION_CONTINUITY_SCHEDULES=$(SCHEDULES) dotnet run --project tests/unit -- --filter-class '*TrustContinuityTests'

ROTATIONS ?= 200
CHAOS_LOG := artifacts/chaos.log

chaos: ## ROTATIONS rotations on processes that are killed at random; the last line is one JSON object
	@mkdir -p artifacts; echo 'follow it in $(CHAOS_LOG)'
	@ROTATION_CHAOS_ROTATIONS=$(ROTATIONS) ROTATION_CHAOS_SEED=$(SEED) dotnet run --project tests/endtoend -- --filter-class '*ChaosTests' --output Detailed >$(CHAOS_LOG) 2>&1; \
	status=$$?; grep -v '^{' $(CHAOS_LOG) | tail -n 20; grep -o '{"rotations".*}' $(CHAOS_LOG) | tail -n 1; exit $$status

ci: ## Exactly what CI runs
	.ci/run
