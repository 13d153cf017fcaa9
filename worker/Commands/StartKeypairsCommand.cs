using System.CommandLine;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start keypairs</c>: starts <c>RotateKeypairs</c>.</summary>
internal static class StartKeypairsCommand
{
    private static readonly RequestInput<RotateKeypairsRequest> Input = new(
        RequestRules.ProblemsOf,
        [
            (new Option<string[]>("--keysets") { Description = "Keysets to rotate, separated by commas. Default: all.", HelpName = "NAME,…" }, ["keysets"]),
            (new Option<bool>("--emergency") { Description = "The shortest way that still verifies every step: who approves the plan approves all of it." }, ["emergency"]),
            (new Option<bool>("--no-adopt") { Description = "Make new keypairs, also where a rotation was begun already." }, ["adopt"]),
            (JsonInput.Duration("--jwks-hold", "How long verifiers outside keep published service-account keys. Default: 24h."), ["jwksHold"]),
            .. RequestOptions.Deliveries,
        ]);

    public static Command Create() => RotationStart.Create(
        "keypairs",
        "Rotate the keypairs of a cluster's keysets, in six steps with gates.",
        [
            "start keypairs --cluster prod.example.com", "start keypairs --cluster prod.example.com --keysets kubernetes-ca,service-account --on-failure rollback",
            "start keypairs --input @rotation.json --wait", "start keypairs --input '{\"cluster\":\"lab.example.com\",\"approvals\":{\"auto\":true}}'",
        ],
        RotationIds.KeypairsType,
        Input,
        r => RotationIds.OfKeypairs(r.Cluster),
        r => $"Rotate the keypairs of {r.Cluster}");
}
