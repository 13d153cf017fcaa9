using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Xunit;

namespace Rotation.Tests.DevServer.Visibility;

public sealed class VisibilityProperties
{
    private static readonly string[] Words =
        ["WorkflowId", "Cluster", "Nodes", "Keysets", "=", "!=", "<", "IN", "NOT", "AND", "OR", "(", ")", ",", "'a'", "'", "1", "IS", "NULL", "BETWEEN", "`", "\\", "STARTS_WITH", "é"];

    [Property(MaxTest = 200)]
    public void Pages_of_any_size_give_every_run_once_in_order(PositiveInt size, NonEmptyArray<(byte Start, byte Lasts)> runs)
    {
        var rows = runs.Get.Select((r, i) => Runs.Row($"w{i}", r.Lasts == 0 ? WorkflowExecutionStatus.Running : WorkflowExecutionStatus.Completed, r.Start % 5, r.Lasts == 0 ? null : (r.Start % 5) + r.Lasts)).ToList();
        using var connection = Runs.Database(rows);
        var reader = new VisibilityReader(connection, Runs.Types);
        var seen = new List<string>();

        var token = ByteString.Empty;
        do
        {
            var page = reader.List("", (size.Get % 7) + 1, token);
            page.Executions.Count.ShouldBeInRange(1, (size.Get % 7) + 1);
            seen.AddRange(page.Executions.Select(e => e.Execution.WorkflowId));
            token = page.NextPageToken;
        }
        while (!token.IsEmpty);

        seen.ShouldBe(rows.OrderByDescending(r => r.CloseTime ?? DateTime.MaxValue).ThenByDescending(r => r.StartTime).ThenBy(r => r.RunId, StringComparer.Ordinal).Select(r => r.WorkflowId));
    }

    [Property(MaxTest = 1000)]
    public Property Any_text_is_a_query_or_refused_with_words() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Generator.Or(Gen.Elements(Words).ArrayOf().Select(w => string.Join(' ', w))).ToArbitrary(), text =>
        {
            using var connection = Runs.Database([Runs.Row("a")]);
            try
            {
                return Runs.Ids(connection, text ?? "").Length <= 1;
            }
            catch (RpcFailure refusal)
            {
                return refusal.Code == Grpc.Core.StatusCode.InvalidArgument && refusal.Message.Length > 0;
            }
        });

    [Property(MaxTest = 300)]
    public Property A_condition_and_its_negation_share_the_runs() => Prop.ForAll(Conditions.ToArbitrary(), condition =>
    {
        using var connection = Runs.Database(
        [
            Runs.Row("a").With("Cluster", "a").With("Nodes", 1),
            Runs.Row("b", WorkflowExecutionStatus.Failed, 1, 2).With("Keysets", new System.Text.Json.Nodes.JsonArray("a")),
            Runs.Row("c").With("Note", "a b"),
        ]);

        var matching = Runs.Ids(connection, condition);
        var others = Runs.Ids(connection, $"NOT ({condition})");

        string.Join(" ", matching.Concat(others).Order(StringComparer.Ordinal)).ShouldBe("a b c", condition);
    });

    [Theory]
    [InlineData("x")]
    [InlineData("0123456789abcdef")]
    public void A_page_token_of_somebody_else_is_refused(string token)
    {
        using var connection = Runs.Database([]);

        Should.Throw<RpcFailure>(() => new VisibilityReader(connection, Runs.Types).List("", 10, ByteString.CopyFromUtf8(token)))
            .Code.ShouldBe(Grpc.Core.StatusCode.InvalidArgument);
    }

    private static Gen<string> Conditions
    {
        get
        {
            var simple = Gen.Elements(
                "WorkflowId = 'a'", "Cluster = 'a'", "Cluster != 'a'", "Cluster < 'b'", "Nodes >= 1", "Nodes IN (1, 2)", "Keysets = 'a'", "Keysets IS NULL",
                "Note = 'b'", "CloseTime > '2026-01-01T00:00:00Z'", "ExecutionDuration < '1h'", "Cluster STARTS_WITH 'a'", "Nodes BETWEEN 0 AND 5", "ParentRunId = 'x'");
            return Gen.Sized(size => Tree(Math.Min(size, 6)));

            Gen<string> Tree(int depth) => depth <= 1
                ? simple
                : Gen.OneOf(
                    simple,
                    Tree(depth / 2).Zip(Tree(depth / 2)).Select(p => $"({p.Item1} AND {p.Item2})"),
                    Tree(depth / 2).Zip(Tree(depth / 2)).Select(p => $"({p.Item1} OR {p.Item2})"),
                    Tree(depth / 2).Select(c => $"NOT ({c})"));
        }
    }
}
