using Rotation.Worker.Commands;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>Wrong command lines: each is exit code 2 with one message that names what is wrong, before any server is asked.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "bogus", "bogus" },
        { "", "command was not provided" },
        { "start", "command was not provided" },
        { "start bogus", "bogus" },
        { "start keypairs", "cluster: is required" },
        { "start keypairs --cluster", "--cluster" },
        { "start keypairs --cluster c.example.com --bogus", "--bogus" },
        { "start keypairs --cluster c.example.com --admin-ttl 1x", "--admin-ttl is '1x'" },
        { "start keypairs --cluster c.example.com --gate-timeout soon", "--gate-timeout is 'soon'" },
        { "start keypairs --cluster c.example.com --drain-timeout -5m", "--drain-timeout is '-5m'" },
        { "start keypairs --cluster c.example.com --on-failure explode", "onFailure: \"explode\" is not one of hold, rollback" },
        { "start keypairs --cluster c.example.com --on-timeout never", "approvals.onTimeout: \"never\" is not one of hold, advance, rollback" },
        { "start keypairs --cluster c.example.com --engine steam", "roll.engine: \"steam\" is not one of durable, kops" },
        { "start keypairs --cluster c.example.com --quorum many", "--quorum" },
        { "start keypairs --cluster c.example.com --validate-count 1.5", "--validate-count" },
        { "start keypairs --cluster c.example.com --wait --no-wait", "exclude each other" },
        { "start keypairs --input {", "--input: is no JSON" },
        { "start keypairs --input []", "--input: must be one JSON object" },
        { "start keypairs --input 7", "--input: must be one JSON object" },
        { "start keypairs --input {\"cluster\":7}", "cluster: 7 is not a text" },
        { "start keypairs --input {\"clustr\":\"c\"}", "clustr: unknown field; known are cluster" },
        { "start keypairs --input {\"cluster\":\"c\",\"cluster\":\"d\"}", "--input: is no JSON" },
        { "start keypairs --input {\"cluster\":\"c\",\"adminTtl\":18}", "adminTtl: 18 is not a duration" },
        { "start keypairs --input {\"cluster\":\"c\",\"keysets\":\"all\"}", "keysets: \"all\" is not a list of texts" },
        { "start keypairs --input {\"cluster\":\"c\",\"approvals\":true}", "approvals: must be one JSON object" },
        { "start keypairs --input {\"cluster\":\"c\",\"approvals\":{\"auto\":\"yes\"}}", "approvals.auto: \"yes\" is not true or false" },
        { "start keypairs --input {\"cluster\":\"c\",\"roll\":{\"maxSurge\":1}}", "roll.maxSurge: 1 is not a text" },
        { "start keypairs --input @/no/such/file.json", "--input: there is no file '/no/such/file.json'" },
        { "start keypairs --cluster PROD", "cluster: 'PROD' is not a DNS name" },
        { "start keypairs --cluster c.example.com --keysets all,kubernetes-ca", "keysets: \"all\" stands alone" },
        { "start keypairs --cluster c.example.com --keysets a,a", "keysets: a name is given twice" },
        { "start keypairs --cluster c.example.com --keysets -x", "keysets: '-x' cannot be the name" },
        { "start keypairs --cluster c.example.com --state-store gs://b", "stateStore: 'gs://b' is neither" },
        { "start keypairs --cluster c.example.com --quorum 0", "approvals.quorum: 0 is not between" },
        { "start keypairs --cluster c.example.com --gate-timeout 1s", "approvals.timeout: 1s is too short" },
        { "start keypairs --cluster c.example.com --admin-ttl 1m", "adminTtl: 1m is too short" },
        { "start keypairs --cluster c.example.com --sinks a/b", "sinks: 'a/b' is not a name" },
        { "start keypairs --cluster c.example.com --max-surge -1", "roll.maxSurge" },
        { "start keypairs --cluster c.example.com --max-unavailable 200%", "roll.maxUnavailable" },
        { "start keypairs --cluster c.example.com --cluster-budget lots", "roll.clusterBudget" },
        { "start keypairs --cluster c.example.com --validate-count 11", "roll.validateCount" },
        { "start keypairs --cluster c.example.com --when-locked wait", "whenLocked: \"wait\" is not one of refuse, queue" },
        { "start keypairs --input {\"cluster\":\"c.example.com\",\"notify\":[\"-\"]}", "notify: '-' is not a name" },
        { "completion tcsh", "tcsh" },
        { "demo --nodes 0", "--nodes is 0" },
        { "demo --nodes 2 --groups 3", "--groups is 3" },
        { "demo --speed 0", "--speed is 0" },
        { "demo --state-store /no/such/folder", "--state-store: there is no folder '/no/such/folder'" },
        { "demo --state-store /usr --nodes 3", "do not go with --state-store" },
        { "demo --state-store /usr", "must hold one cluster" },
        { "lab", "command was not provided" },
        { "lab fault Bogus", "There is no fault 'Bogus'" },
        { "lab up --groups 51", "--groups is 51" },
        { "status", "argument" },
        { "status a b", "b" },
        { "plan", "argument" },
        { "watch", "argument" },
        { "approve", "argument" },
        { "extend r --by forever", "--by is 'forever'" },
        { "extend r --by", "--by" },
        { "approve r --token @/no/such/token", "--token: there is no file '/no/such/token'" },
        { "list --state Bogus", "--state is 'Bogus'" },
        { "list --limit 0", "--limit is 0" },
        { "list --limit ten", "--limit" },
        { "server --port 70000", "--port is 70000" },
        { "server --port x", "--port" },
        { "server start-dev --port -1", "--port is -1" },
        { "worker --config /no/such/config.json", "--config: there is no file '/no/such/config.json'" },
        { "list --namespace", "--namespace" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_command_line_is_exit_code_2_and_says_what_is_wrong(string commandLine, string message)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        int exitCode = await CommandLine.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, errors);

        exitCode.ShouldBe(2, errors.ToString());
        errors.ToString().ShouldContain(message);
        errors.ToString().ShouldNotContain("   at ");
        output.ToString().ShouldBeEmpty();
    }
}
