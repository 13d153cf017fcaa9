using System.Net;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary>
/// As people do it: a server, a lab and a worker, each in a terminal of its own; one starts, another approves, a third watches, the worker dies and is started again in between, and an
/// auditor gets the report.
/// </summary>
public sealed class ManyTerminalsTests
{
    private const string Escape = "\u001b[";

    [Fact]
    public async Task A_rotation_goes_through_from_several_terminals_with_a_worker_that_dies()
    {
        if (!File.Exists("/usr/bin/script"))
            throw new SkipTestException("'script' of util-linux is not installed, and with it no terminal to watch on.");
        string listen = $"http://127.0.0.1:{FreePort.Next()}";
        await using Stage stage = await Stage.OpenAsync("--nodes", "1", "--control-plane", "1", "--speed", "1000");
        Finished start = await stage.Pen.RunAsync("start", "keypairs", "--cluster", stage.Card.Cluster, "--id", Stage.Rotation, "--as", "alice");
        RotationProcess watch = stage.Pen.StartOnTerminal("watch", "watch", Stage.Rotation), piped = stage.Pen.Start("watch, piped", "watch", Stage.Rotation);
        Finished own = await stage.Pen.RunAsync("approve", Stage.Rotation, "--as", "alice", "--gate", "1-stage", "--yes");

        await stage.ApproveAsync("1-stage");
        await stage.StoreAsync(store => store.Values.Any(k => k.Keypairs.Count > 1));
        await stage.KillWorkerAsync();
        stage.Pen.Environment["Rotation__Worker__Listen"] = listen;
        stage.Pen.Environment["Rotation__Worker__Look"] = "00:00:01";
        await stage.StartWorkerAsync();
        await stage.ApproveAsync("3-promote");
        await stage.ApproveAsync("5-distrust");
        RotationStatus end = await stage.EndAsync();

        start.ExitCode.ShouldBe(4, start.Errors);
        start.Output.ShouldContain("1-stage");
        own.ExitCode.ShouldBe(3, "who starts it cannot approve it");
        own.Errors.ShouldContain("alice");
        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        stage.Store.Read().Values.ShouldAllBe(k => k.Keypairs.Count == 2);
        (await watch.EndAsync()).ShouldBe(0, watch.Story);
        foreach (string drawn in (string[])[Escape, "█", "1-stage", "6-export-ca", "completed"])
            watch.Output.ShouldContain(drawn);
        (await piped.EndAsync()).ShouldBe(0, piped.Story);
        piped.Output.ShouldNotContain(Escape);
        (await stage.Pen.RunAsync("status", Stage.Rotation)).ExitCode.ShouldBe(0);
        (await stage.Pen.RunAsync("list", "--json")).Output.ShouldContain(Stage.Rotation);
        await ShowsAsync(listen);
        await ReportAsync(stage);
    }

    // Written while a worker runs, checked with nothing but the file.
    private static async Task ReportAsync(Stage stage)
    {
        Finished report = await stage.Pen.RunAsync("report", Stage.Rotation);
        report.ExitCode.ShouldBe(0, report.Errors);
        (await stage.Pen.RunAsync("report", Stage.Rotation, "--markdown")).Output.ShouldContain("| Approved | 1-stage | bob | seen |");
        await stage.KillServerAsync();
        string file = stage.Pen.PathOf("report.json");
        await File.WriteAllTextAsync(file, report.Output, TestContext.Current.CancellationToken);
        Finished intact = await stage.Pen.RunAsync("report", "verify", file);
        (intact.ExitCode, intact.Output.StartsWith("Intact. Head ", StringComparison.Ordinal)).ShouldBe((0, true), intact.Output + intact.Errors);
        await File.WriteAllTextAsync(file, report.Output.Replace("\"bob\"", "\"eve\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Finished changed = await stage.Pen.RunAsync("report", "verify", file);
        changed.ExitCode.ShouldBe(1);
        changed.Errors.ShouldContain("was changed");
    }

    // What a monitoring system sees of it.
    private static async Task ShowsAsync(string listen)
    {
        using var http = new HttpClient { BaseAddress = new Uri(listen) };
        (await http.GetAsync("/live", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("/ready", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        string[] expected =
        [
            "rotation_ended_total{kind=\"RotateKeypairs\",state=\"completed\"} 1", "rotation_steps_total{", "rotation_step_seconds_sum{", "rotation_nodes_replaced_total{", "rotation_drains_total{",
            "rotation_activity_seconds_count{", "rotation_kops_seconds_count{", "rotation_keyset_expiry_days{", "rotation_gates_waiting{", "rotation_gate_age_seconds{", "rotation_open{",
        ];
        await Eventually.HoldsAsync(async () =>
        {
            string metrics = await http.GetStringAsync("/metrics");
            foreach (string series in expected)
                metrics.ShouldContain(series);
        });
    }
}
