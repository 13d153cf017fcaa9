using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility;
using Rotation.DevServer.Visibility.Query;
using Shouldly;
using Temporalio.Api.Common.V1;
using Xunit;
using static Temporalio.Api.Enums.V1.WorkflowExecutionStatus;

namespace Rotation.Tests.DevServer.Visibility;

public sealed class QueryTests
{
    /// <summary>a: open, full of attributes; b: closed child; c: failed, with an empty list; d: nothing special.</summary>
    private static readonly VisibilityRow[] Rows =
    [
        Runs.Row("a", Running, startMinute: 1).With("Cluster", "prod.example.com").With("Nodes", 30).With("Ratio", 0.5).With("Urgent", true)
            .With("Due", "2026-11-25T00:00:00Z").With("Keysets", new System.Text.Json.Nodes.JsonArray("kubernetes-ca", "etcd-peers-ca-main"))
            .With("Note", "Rotate the OLD authority, quickly"),
        Runs.Row("b", Completed, startMinute: 2, closeMinute: 62).With("Cluster", "it's \"quoted\"").With("Nodes", -3) with
        {
            Parent = new WorkflowExecution { WorkflowId = "a", RunId = "run-a" },
            Root = new WorkflowExecution { WorkflowId = "a", RunId = "run-a" },
        },
        Runs.Row("c", Failed, startMinute: 3, closeMinute: 4).With("Urgent", false).With("Keysets", new System.Text.Json.Nodes.JsonArray("service-account")),
        Runs.Row("d", TimedOut, startMinute: 4, closeMinute: 5) with { WorkflowType = "RollCluster", HistoryLength = 5000 },
    ];

    [Theory]
    [InlineData("", "a b d c")]
    [InlineData("WorkflowId = 'a'", "a")]
    [InlineData("`WorkflowId` = \"a\"", "a")]
    [InlineData("workflowid = 'a' OR WorkflowId = 'a'", null)]
    [InlineData("WorkflowId != 'a'", "b d c")]
    [InlineData("WorkflowId IN ('a', 'c')", "a c")]
    [InlineData("WorkflowId NOT IN ('a', 'c')", "b d")]
    [InlineData("WorkflowId > 'b'", "d c")]
    [InlineData("RunId STARTS_WITH 'run-' and not WorkflowId starts_with 'c'", "a b d")]
    [InlineData("WorkflowType NOT STARTS_WITH 'Rotate'", "d")]
    [InlineData("ExecutionStatus = 'Running'", "a")]
    [InlineData("ExecutionStatus = 'Completed'", "b")]
    [InlineData("ExecutionStatus = 'WORKFLOW_EXECUTION_STATUS_TIMED_OUT'", "d")]
    [InlineData("ExecutionStatus = 2", "b")]
    [InlineData("ExecutionStatus IN ('Failed','TimedOut')", "d c")]
    [InlineData("ExecutionStatus != 'Running'", "b d c")]
    [InlineData("StartTime >= '2026-11-24T12:03:00Z'", "d c")]
    [InlineData("StartTime BETWEEN '2026-11-24T12:02:00Z' AND '2026-11-24T14:03:00+02:00'", "b c")]
    [InlineData("StartTime > '2026-11-24T12:03:59.9999999Z'", "d")]
    [InlineData("CloseTime IS NULL", "a")]
    [InlineData("CloseTime is not null AND CloseTime < '2026-11-24T12:30:00Z'", "d c")]
    [InlineData("CloseTime > '2026-11-24T12:30:00Z' OR CloseTime = null", "a b")]
    [InlineData("ExecutionDuration >= '1h'", "b")]
    [InlineData("ExecutionDuration < '1m30s'", "d c")]
    [InlineData("ExecutionDuration = '01:00:00'", "b")]
    [InlineData("ExecutionDuration > 60000000000", "b")]
    [InlineData("HistoryLength > 100", "d")]
    [InlineData("ParentWorkflowId = 'a'", "b")]
    [InlineData("ParentWorkflowId IS NULL", "a d c")]
    [InlineData("RootWorkflowId = 'a'", "a b")]
    [InlineData("Cluster = 'prod.example.com'", "a")]
    [InlineData("Cluster != 'prod.example.com'", "b d c")]
    [InlineData("Cluster = 'it''s \"quoted\"'", "b")]
    [InlineData("Cluster = 'it\\'s \"quoted\"'", "b")]
    [InlineData("Cluster STARTS_WITH 'prod.'", "a")]
    [InlineData("Cluster IS NULL", "d c")]
    [InlineData("Cluster = 5", "")]
    [InlineData("Nodes = 30", "a")]
    [InlineData("Nodes < 0", "b")]
    [InlineData("Nodes BETWEEN -3 AND 30", "a b")]
    [InlineData("Nodes NOT BETWEEN 0 AND 100", "b d c")]
    [InlineData("Ratio > 0.25", "a")]
    [InlineData("Urgent = true", "a")]
    [InlineData("Urgent = false", "c")]
    [InlineData("Urgent != true", "b d c")]
    [InlineData("Due < '2026-12-01T00:00:00Z'", "a")]
    [InlineData("Keysets = 'kubernetes-ca'", "a")]
    [InlineData("Keysets = 'service-account'", "c")]
    [InlineData("Keysets IN ('service-account', 'etcd-peers-ca-main')", "a c")]
    [InlineData("Keysets != 'kubernetes-ca'", "b d c")]
    [InlineData("Keysets IS NULL", "b d")]
    [InlineData("Note = 'old'", "a")]
    [InlineData("Note = 'slowly quickly'", "a")]
    [InlineData("Note = 'author'", "")]
    [InlineData("Note != 'old'", "b d c")]
    [InlineData("WorkflowId = 'a' OR WorkflowId = 'b' AND Nodes = 30", "a")]
    [InlineData("(WorkflowId = 'a' OR WorkflowId = 'b') AND Nodes = -3", "b")]
    [InlineData("NOT (WorkflowId = 'a' OR ExecutionStatus = 'Failed')", "b d")]
    [InlineData("TemporalScheduledById = 'daily'", "")]
    [InlineData("Cluster = '''; DROP TABLE visibility; --'", "")]
    public void A_query_finds_exactly_what_it_says(string query, string? expected)
    {
        using var connection = Runs.Database(Rows);

        if (expected is null)
            Should.Throw<RpcFailure>(() => Runs.Ids(connection, query)).Message.ShouldContain("is not a valid search attribute");
        else
            string.Join(' ', Runs.Ids(connection, query)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Unknown = 'x'", "column name 'Unknown' is not a valid search attribute")]
    [InlineData("WorkflowId =", "near 'end of query'")]
    [InlineData("WorkflowId 'a'", "near 'a'")]
    [InlineData("WorkflowId = a", "(did you forget to quote 'a'?)")]
    [InlineData("= 'a'", "near '='")]
    [InlineData("WorkflowId = 'a", "never closed")]
    [InlineData("(WorkflowId = 'a'", "near 'end of query'")]
    [InlineData("WorkflowId = 'a')", "near ')'")]
    [InlineData("WorkflowId = 'a' WorkflowId = 'b'", "near 'WorkflowId'")]
    [InlineData("WorkflowId = 'a'; DROP TABLE visibility", "near ';'")]
    [InlineData("WorkflowId IN ()", "near ')'")]
    [InlineData("WorkflowId LIKE 'a%'", "invalid operator 'like' in `WorkflowId like 'a%'`")]
    [InlineData("ORDER BY StartTime", "not supported: 'order by' clause")]
    [InlineData("WorkflowId = 'a' order by StartTime DESC", "not supported: 'order by' clause")]
    [InlineData("WorkflowId = 'a' LIMIT 5", "not supported: 'limit' clause")]
    [InlineData("GROUP BY ExecutionStatus", "not supported: 'group by' clause")]
    [InlineData("ExecutionStatus = 'Sleeping'", "invalid ExecutionStatus value 'Sleeping'")]
    [InlineData("ExecutionStatus = 'completed'", "invalid ExecutionStatus value 'completed'")]
    [InlineData("WorkflowId", "incomplete expression")]
    [InlineData("Note = ' '", "no tokens found in ' '")]
    [InlineData("StartTime > '2026-11-24'", "unable to parse datetime '2026-11-24'")]
    [InlineData("StartTime > 'yesterday'", "unable to parse datetime 'yesterday'")]
    [InlineData("Nodes = 'many'", "invalid value for search attribute Nodes of type Int")]
    [InlineData("Nodes = 99999999999999999999", "invalid value for search attribute Nodes")]
    [InlineData("Urgent = 'maybe'", "invalid value for search attribute Urgent of type Bool")]
    [InlineData("Keysets = 5", "invalid value for search attribute Keysets of type KeywordList")]
    [InlineData("Cluster STARTS_WITH 5", "operator 'STARTS_WITH' not supported for Keyword")]
    [InlineData("Keysets > 'a'", "operator '>' not supported for KeywordList")]
    [InlineData("Keysets STARTS_WITH 'a'", "operator 'STARTS_WITH' not supported for KeywordList")]
    [InlineData("Note IN ('a')", "operator 'IN' not supported for Text")]
    [InlineData("Urgent > true", "operator '>' not supported for Bool")]
    [InlineData("Nodes STARTS_WITH '3'", "operator 'STARTS_WITH' not supported for Int")]
    [InlineData("ExecutionDuration > 'long'", "invalid value for search attribute ExecutionDuration")]
    public void What_cannot_be_asked_is_refused_in_words(string query, string words)
    {
        using var connection = Runs.Database(Rows);

        var failure = Should.Throw<RpcFailure>(() => Runs.Ids(connection, query));

        failure.Code.ShouldBe(Grpc.Core.StatusCode.InvalidArgument);
        failure.Message.ShouldStartWith("invalid query: ");
        failure.Message.ShouldContain(words);
    }

    [Fact]
    public void Nesting_without_end_is_refused_and_does_not_overflow()
    {
        var query = string.Concat(Enumerable.Repeat("(", 100_000)) + "WorkflowId = 'a'";

        Should.Throw<RpcFailure>(() => QueryParser.Parse(query)).Message.ShouldContain("nested deeper");
    }

    [Fact]
    public void A_query_of_any_length_is_answered_or_refused()
    {
        using var connection = Runs.Database(Rows);
        string Repeat(string text, string between, int times) => string.Join(between, Enumerable.Repeat(text, times));

        Runs.Ids(connection, Repeat("WorkflowId = 'a'", " OR ", 300)).ShouldBe(["a"]);
        Runs.Ids(connection, $"WorkflowId IN ({Repeat("'a'", ",", 2000)})").ShouldBe(["a"]);
        Should.Throw<RpcFailure>(() => QueryParser.Parse(Repeat("WorkflowId = 'a'", " OR ", 100_000))).Message.ShouldContain("conditions");
        Should.Throw<RpcFailure>(() => QueryParser.Parse($"WorkflowId IN ({Repeat("'a'", ",", 100_000)})")).Message.ShouldContain("values");
    }

    [Fact]
    public void Counts_group_by_status()
    {
        using var connection = Runs.Database([.. Rows, Runs.Row("e", Failed, 5, 6)]);
        var reader = new VisibilityReader(connection, Runs.Types);

        reader.Count(QueryParser.Parse("")).ShouldBe(5);
        reader.Count(QueryParser.Parse("CloseTime IS NULL")).ShouldBe(1);
        reader.CountByStatus(QueryParser.Parse("WorkflowType = 'RotateKeypairs' GROUP BY ExecutionStatus"))
            .ShouldBe([((int)Failed, 2L), ((int)Running, 1L), ((int)Completed, 1L)]);
    }
}
