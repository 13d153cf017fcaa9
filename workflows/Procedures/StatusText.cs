using System.Text;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Procedures;

/// <summary>A status as Markdown, for the details that the Temporal UI shows.</summary>
internal static class StatusText
{
    public static string Of(RotationStatus status, IReadOnlyList<string> nextCalls)
    {
        var text = new StringBuilder();
        text.Append("**").Append(status.State).Append("** ").Append(status.Cluster);
        if (status.Step.Length > 0)
            text.Append(", step ").Append(status.Step);
        text.Append("\n\n");
        if (status.Doing.Length > 0)
            text.Append(status.Doing).Append("\n\n");
        if (status.Gate is not null)
            text.Append("Gate `").Append(status.Gate).Append("` until ").AppendFormat(null, "{0:yyyy-MM-dd HH:mm}Z", status.GateDeadline).Append(status.ApprovedBy.Count > 0 ? $", approved by {string.Join(", ", status.ApprovedBy)}" : "").Append("\n\n");
        foreach (string line in status.Gate is null ? [] : status.Evidence)
            text.Append("- ").Append(line).Append('\n');
        if (status.Gate is not null && status.Evidence.Count > 0)
            text.Append('\n');
        if (status.LastFailure is not null)
            text.Append("Last failure: ").Append(status.LastFailure).Append("\n\n");
        if (status.LastRefusal is not null)
            text.Append("Last refused call: ").Append(status.LastRefusal).Append("\n\n");
        foreach (string call in nextCalls)
            text.Append("- ").Append(call).Append('\n');
        text.Append("\n| Step | State | Note |\n|---|---|---|\n");
        foreach (StepStatus step in status.Steps)
            text.Append("| ").Append(step.Name).Append(" | ").Append(step.State).Append(" | ").Append(step.Note).Append(" |\n");
        return text.ToString();
    }
}
