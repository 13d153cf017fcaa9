using Rotation.Workflows.Activities;
using Rotation.Workflows.Keypairs;

namespace Rotation.Workflows.Planning;

/// <summary>Time that must pass before a step, because somebody outside of our reach still holds what the step ends.</summary>
/// <param name="Since">Step from whose end on it counts.</param>
/// <param name="Length">How long.</param>
/// <param name="Why">Why, in words.</param>
internal sealed record Hold(string Since, TimeSpan Length, string Why);

/// <summary>Which holds there are, from facts. Pure.</summary>
internal static class Holds
{
    public const string ServiceAccount = "service-account";

    /// <summary>The hold before a step, as things were when they were read; null when there is none.</summary>
    public static Hold? Before(string step, ClusterSnapshot snapshot) => Before(step, snapshot, snapshot.Tokens);

    /// <summary>The hold before the new keypairs are distrusted on the way back; null when there is none. It counts from when the old ones signed again.</summary>
    public static Hold? BeforeDistrustingNew(ClusterSnapshot snapshot, TokenUsage? tokens) =>
        snapshot.Request.Emergency || snapshot.Keysets.All(k => k.Name != ServiceAccount) || tokens is not { LongestLife.Value: var life } || life <= TimeSpan.Zero
            ? null
            : new(StepNames.Promote, life, $"{tokens.PodsWithTokens} pods mount tokens that live up to {tokens.LongestLife}; those that the new key signed must run out");

    /// <summary>The hold before a step with what is known of tokens now.</summary>
    public static Hold? Before(string step, ClusterSnapshot snapshot, TokenUsage? tokens)
    {
        if (snapshot.Request.Emergency || snapshot.Keysets.All(k => k.Name != ServiceAccount))
            return null;
        return step switch
        {
            StepNames.Promote when snapshot.Facts.JwksPublished && snapshot.Request.JwksHold.Value > TimeSpan.Zero =>
                new(StepNames.Stage, snapshot.Request.JwksHold.Value, $"verifiers outside the cluster keep the published service-account keys for up to {snapshot.Request.JwksHold}, and refuse tokens of a key that they have not read yet"),
            StepNames.Distrust when tokens is { LongestLife.Value: var life } && life > TimeSpan.Zero =>
                new(StepNames.Promote, life, $"{tokens.PodsWithTokens} pods mount tokens that live up to {tokens.LongestLife}; those that the old key signed must run out"),
            _ => null,
        };
    }
}
