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
        [(new Option<string[]>("--keysets") { Description = "Keysets to rotate, separated by commas. Default: all.", HelpName = "NAME,…" }, ["keysets"]), .. RequestOptions.Deliveries]);

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
