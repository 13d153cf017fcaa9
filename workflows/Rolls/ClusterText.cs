using System.Text;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Rolls;

/// <summary>The roll of a cluster in words, for the Temporal UI and the query <c>status</c>.</summary>
internal static class ClusterText
{
    public static RollStatus StatusOf(string workflow, IReadOnlyList<GroupRun> groups, bool paused)
    {
        GroupStatus[] all = [.. groups.Select(g => g.ToStatus(workflow))];
        GroupRun[] held = [.. groups.Where(g => g.IsHeld)];
        return new()
        {
            Total = all.Sum(g => g.Total),
            Done = all.Sum(g => g.Done),
            Doing = [.. all.Where(g => g.State is "rolling" or "held").Select(g => $"{g.Name} {g.State}")],
            Paused = paused,
            Held = held.Length == 0 ? null : string.Join("; ", held.Select(g => $"{g.Plan.Name}: {g.Note!.Held}")),
            SendNext = held.Length == 0 ? null : RollText.SendNext([]),
            Groups = all,
        };
    }

    /// <summary>Markdown.</summary>
    public static string Of(string cluster, RollStatus status)
    {
        var text = new StringBuilder();
        text.Append($"**{cluster}**: {status.Done} of {status.Total} replaced{(status.Paused ? ", paused" : "")}.\n");
        if (status.Held is not null)
            text.Append($"\nHolds and waits for a person: {status.Held}\n\nSend the signal `retry`, `skip` or, from two people and with the instances named, `force`:\n\n```json\n{status.SendNext}\n```\n");
        if (status.Groups.Count > 0)
            text.Append("\n| instance group | state | replaced | budget | workflow |\n|---|---|---|---|---|\n");
        foreach (GroupStatus group in status.Groups)
            text.Append($"| {group.Name} | {group.State} | {group.Done} of {group.Total} | {group.Budget} | `{group.WorkflowId}` |\n");
        return text.ToString();
    }
}
