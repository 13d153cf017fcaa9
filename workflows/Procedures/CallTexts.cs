using System.Text.Json;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Gates;

namespace Rotation.Workflows.Procedures;

/// <summary>The exact JSON that a person can send next.</summary>
internal static class CallTexts
{
    /// <summary>JSON for <c>approve</c> at a gate.</summary>
    public static string Approve(Gate gate, string planHash) => $"{{\"gate\": {Quote(gate.Name)}, \"approver\": \"YOU\", \"comment\": \"WHY\", \"planHash\": {Quote(planHash)}}}";

    /// <summary>What can be sent in the state it is in, one Markdown line a call.</summary>
    public static IReadOnlyList<string> Next(Controls controls, RotationStatus status)
    {
        List<string> lines = [];
        if (controls.Gate is { } gate)
        {
            lines.Add($"to go on, send `approve` with `{Approve(gate, status.PlanHash)}`");
            lines.Add($"to refuse, send `reject` with `{{\"gate\": {Quote(gate.Name)}, \"approver\": \"YOU\", \"comment\": \"WHY\"}}`");
            lines.Add("for more time, send `extendGate` with `{\"operator\": \"YOU\", \"by\": \"24h\"}`");
        }

        if (controls.Standing)
            lines.Add("to go on, send `resume` with `{\"operator\": \"YOU\"}`; with `\"force\": true` an unexpected number of nodes is accepted as it is");
        if (controls is { Changed: true, GoingBack: false })
            lines.Add($"to go back, send `rollback` with `{{\"operator\": \"YOU\", \"reason\": \"WHY\"{(controls.ForceBecause is not null ? ", \"force\": true" : "")}}}`");
        return lines;
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
