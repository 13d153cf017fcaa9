using System.CommandLine;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start secret</c>: starts <c>RotateSecret</c>.</summary>
internal static class StartSecretCommand
{
    private static readonly RequestInput<RotateSecretRequest> Input = new(
        RequestRules.ProblemsOf,
        (new Option<string?>("--secret") { Description = "encryptionConfig, ciliumPassword, dockerConfig or weavePassword.", HelpName = "SECRET" }, ["secret"]),
        (JsonInput.Duration("--settle", "For ciliumPassword: how long Cilium's agents are given. Default: 10m."), ["settle"]));

    public static Command Create() => RotationStart.Create(
        "secret",
        "Rotate one symmetric secret of a cluster, with gates.",
        [
            "start secret --cluster prod.example.com --secret encryptionConfig", "start secret --cluster prod.example.com --secret dockerConfig --on-failure rollback",
            "start secret --input '{\"cluster\":\"lab.example.com\",\"secret\":\"encryptionConfig\",\"approvals\":{\"auto\":true}}' --wait",
        ],
        RotationIds.SecretType,
        Input,
        r => RotationIds.OfSecret(r.Cluster, r.Secret.ToString()!),
        r => $"Rotate {r.Secret} of {r.Cluster}");
}
