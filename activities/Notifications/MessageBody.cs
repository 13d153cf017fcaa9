using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rotation.Activities.Kops;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Serialization;

namespace Rotation.Activities.Notifications;

/// <summary>Makes the body of a message. Whatever looks like key material or a token is taken out first, wherever it came from.</summary>
internal static partial class MessageBody
{
    private const int LongestSlackText = 2900;

    private static readonly Dictionary<string, Func<Notification, string>> Fields = new(StringComparer.Ordinal)
    {
        ["id"] = n => n.Id,
        ["kind"] = KindOf,
        ["cluster"] = n => n.Cluster,
        ["workflowId"] = n => n.WorkflowId,
        ["step"] = n => n.Step,
        ["text"] = n => n.Text,
        ["sendNext"] = n => n.SendNext,
        ["reportHead"] = n => n.ReportHead,
    };

    /// <summary>The body for a notifier.</summary>
    public static string For(NotifierOptions notifier, Notification notification)
    {
        Notification clean = notification with { Text = Redaction.Clean(notification.Text) };
        return notifier.Format == NotifierFormat.Slack ? Slack(clean) : notifier.Template is { } template ? Fill(template, clean) : Plain(clean);
    }

    /// <summary>What is wrong with a template, to be read after the setting's name; null when it can be used.</summary>
    public static string? ProblemOf(string template)
    {
        if (Placeholder().Matches(template).Select(m => m.Groups[1].Value).FirstOrDefault(f => !Fields.ContainsKey(f)) is { } unknown)
            return $"has the placeholder {{{unknown}}}; known are {string.Join(", ", Fields.Keys.Select(f => $"{{{f}}}"))}";
        try
        {
            JsonDocument.Parse(Fill(template, new Notification { Text = "\"quoted\"\n" })).Dispose();
            return null;
        }
        catch (JsonException e)
        {
            return $"is no JSON: {e.Message}";
        }
    }

    private static string Plain(Notification notification) =>
        JsonSerializer.Serialize(Fields.ToDictionary(f => f.Key, f => f.Value(notification)), RotationDataConverter.Json);

    private static string Fill(string template, Notification notification) =>
        Placeholder().Replace(template, m => JsonEncodedText.Encode(Fields[m.Groups[1].Value](notification)).Value);

    private static string KindOf(Notification notification) => JsonNamingPolicy.CamelCase.ConvertName(notification.Kind.ToString());

    private static string Slack(Notification notification)
    {
        var text = new StringBuilder();
        text.Append('*').Append(Escape(notification.Cluster)).Append("* · ").Append(Escape(Headline(notification))).Append('\n').Append(Escape(notification.Text));
        if (notification.SendNext.Length > 0)
            text.Append("\nTo go on: `rotation approve ").Append(Escape(notification.WorkflowId)).Append("`, or send the signal `approve` with\n```").Append(Escape(notification.SendNext)).Append("```");
        text.Append("\n_").Append(Escape(notification.WorkflowId)).Append('_');
        string message = text.Length <= LongestSlackText ? text.ToString() : text.ToString(0, LongestSlackText) + "…";
        return JsonSerializer.Serialize(new { text = message }, RotationDataConverter.Json);
    }

    private static string Headline(Notification notification) => notification.Kind switch
    {
        NotificationKind.GateReached => $"gate {notification.Step} waits for approval",
        NotificationKind.GateOverdue => $"gate {notification.Step} is overdue",
        NotificationKind.Held => $"held in step {notification.Step}: a person must decide",
        NotificationKind.RollingBack => $"going back from step {notification.Step}",
        NotificationKind.Completed => "rotation completed",
        NotificationKind.RolledBack => "rotation rolled back",
        _ => "rotation failed",
    };

    // Slack's three control characters, so that no text of ours mentions a channel or makes a link; and none ends the code block.
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("`", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"\{([A-Za-z]+)\}")]
    private static partial Regex Placeholder();
}
