using System.Text;
using System.Text.Json;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Rolls;

/// <summary>The roll of an instance group in words, for the Temporal UI and the query <c>status</c>.</summary>
internal static class RollText
{
    private const int LongestList = 40;

    /// <summary>Markdown.</summary>
    public static string Of(GroupState state, string? held, bool paused)
    {
        RollStatus status = StatusOf(state, held, paused);
        var text = new StringBuilder();
        text.Append($"**{state.Request.InstanceGroup}**: {status.Done} of {status.Total} replaced{(paused ? ", paused" : "")}.\n");
        if (held is not null)
            text.Append($"\nHolds and waits for a person: {held}\n\nSend the signal `retry` (try again), `skip` (leave as they are) or, from two people, `force`:\n\n```json\n{status.SendNext}\n```\n");
        if (status.Nodes.Count > 0)
            text.Append("\n| node | stage | since | attempt | why |\n|---|---|---|---|---|\n");
        foreach (NodeStatus node in status.Nodes.Take(LongestList))
            text.Append($"| {node.Node} | {node.Stage} | {node.Since:HH:mm:ss} | {node.Attempt} | {node.Reason?.ReplaceLineEndings(" ")} |\n");
        return text.ToString();
    }

    public static RollStatus StatusOf(GroupState state, string? held, bool paused)
    {
        NodeStatus[] nodes = [.. state.Nodes.Where(n => n.Entry.HoldsPlace || n.Entry.Stage == NodeStage.Parked).Select(n => n.ToStatus())];
        return new()
        {
            Total = state.Done + state.Nodes.Count(n => n.Entry.Stage != NodeStage.Done),
            Done = state.Done,
            Doing = [.. nodes.Select(n => $"{n.Node} {n.Stage}")],
            Paused = paused,
            Held = held,
            SendNext = held is null ? null : SendNext(state.Stuck.Select(n => n.Id)),
            Nodes = nodes,
        };
    }

    /// <summary>What a person sends to a roll that holds.</summary>
    public static string SendNext(IEnumerable<string> instances) => JsonSerializer.Serialize(new { @operator = "YOU", instances }, Written);

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true };
}
