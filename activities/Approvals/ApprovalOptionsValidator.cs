using Microsoft.Extensions.Options;
using Rotation.Activities.Hosting;

namespace Rotation.Activities.Approvals;

/// <summary>Finds every error in <see cref="ApprovalOptions"/> at once, the files of keys included.</summary>
internal sealed class ApprovalOptionsValidator : IValidateOptions<ApprovalOptions>
{
    private static readonly TimeSpan LongestSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, ApprovalOptions options)
    {
        string[] errors = [.. Times(options), .. Sources(options), .. options.Approvers.SelectMany(a => Approver(a.Key, a.Value)), .. options.Issuers.SelectMany(i => Issuer(i.Key, i.Value))];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Times(ApprovalOptions options)
    {
        if (options.MaxLifetime <= TimeSpan.Zero || options.MaxLifetime > LongestLifetime)
            yield return Say("MaxLifetime", $"is {options.MaxLifetime}; it must be more than 0 and at most a day");
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > LongestSkew)
            yield return Say("ClockSkew", $"is {options.ClockSkew}; it must be 0 to five minutes");
    }

    private static IEnumerable<string> Sources(ApprovalOptions options)
    {
        if (options.Required && options.Approvers.Count == 0 && options.Issuers.Count == 0)
            yield return Say("Required", "is true, and there is nobody who could sign; give Approvers or Issuers");
        foreach (var twice in options.Issuers.GroupBy(i => i.Value.Issuer, StringComparer.Ordinal).Where(g => g.Count() > 1 && g.Key.Length > 0))
            yield return Say("Issuers", $"has the issuer '{twice.Key}' more than once: {string.Join(", ", twice.Select(i => i.Key))}");
    }

    private static IEnumerable<string> Approver(string name, IList<string> files)
    {
        if (files.Count == 0)
            yield return Say($"Approvers:{name}", "names no file; give the path of a public key");
        for (int i = 0; i < files.Count; i++)
            if (ProblemOf(files[i], () => KeyFiles.ReadPublicKey(files[i])) is { } problem)
                yield return Say($"Approvers:{name}:{i}", problem);
    }

    private static IEnumerable<string> Issuer(string name, IssuerOptions issuer)
    {
        if (issuer.Issuer.Length == 0)
            yield return Say($"Issuers:{name}:Issuer", "is empty; it is the 'iss' of the tokens");
        if (issuer.Audience.Length == 0)
            yield return Say($"Issuers:{name}:Audience", "is empty; it is the 'aud' that tokens must be for");
        if (issuer.ApproverClaim.Length == 0)
            yield return Say($"Issuers:{name}:ApproverClaim", "is empty; it names the claim with the person's name");
        if (issuer.Approvers.Count == 0 && issuer.Groups.Count == 0)
            yield return Say($"Issuers:{name}:Approvers", "is empty, and so is Groups; one must say who may approve");
        if (ProblemOf(issuer.JwksFile, () => KeyFiles.ReadKeySet(issuer.JwksFile)) is { } problem)
            yield return Say($"Issuers:{name}:JwksFile", problem);
    }

    private static string? ProblemOf(string path, Func<object> read)
    {
        if (!Path.IsPathRooted(path))
            return $"is '{path}'; it must be an absolute path";
        try
        {
            read();
            return null;
        }
        catch (KeyFileException e)
        {
            return e.Message;
        }
    }

    private static string Say(string key, string problem) => SettingProblem.Say(ApprovalOptions.Section, key, problem);
}
