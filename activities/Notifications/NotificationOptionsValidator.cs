using Microsoft.Extensions.Options;
using Rotation.Activities.Hosting;

namespace Rotation.Activities.Notifications;

/// <summary>Finds every error in <see cref="NotificationOptions"/> at once. No message shows an address or a key.</summary>
internal sealed class NotificationOptionsValidator : IValidateOptions<NotificationOptions>
{
    private const int MostAttempts = 20;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        string[] errors = [.. Whole(options), .. options.Notifiers.SelectMany(n => Notifier(n.Value).Select(p => Say($"Notifiers:{n.Key}:{p.Key}", p.Problem)))];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Whole(NotificationOptions options)
    {
        if (options.Attempts is < 1 or > MostAttempts)
            yield return Say("Attempts", $"is {options.Attempts}; it must be 1 to {MostAttempts}");
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > LongestTimeout)
            yield return Say("Timeout", $"is {options.Timeout}; it must be more than 0 and at most a minute");
        foreach (string unknown in options.Default.Where(d => !options.Notifiers.ContainsKey(d)))
            yield return Say("Default", $"names the notifier '{unknown}', which is not among {NotificationOptions.Section}:Notifiers");
    }

    private static IEnumerable<(string Key, string Problem)> Notifier(NotifierOptions notifier)
    {
        if (!notifier.Url.TryRead(out string url, out string? problem))
            yield return ("Url", problem!);
        else if (!WebhookSender.IsAllowed(url))
            yield return ("Url", "is no https address; http is for this host only, and user names and passwords in an address are not taken");
        if (!notifier.Authorization.IsUnset && !notifier.Authorization.TryRead(out _, out problem))
            yield return ("Authorization", problem!);
        if (!notifier.SigningKey.IsUnset && !notifier.SigningKey.TryRead(out _, out problem))
            yield return ("SigningKey", problem!);
        if (notifier.Template is { } template && (notifier.Format == NotifierFormat.Slack ? "does not go with Format slack; leave one out" : MessageBody.ProblemOf(template)) is { } wrong)
            yield return ("Template", wrong);
    }

    private static string Say(string key, string problem) => SettingProblem.Say(NotificationOptions.Section, key, problem);
}
