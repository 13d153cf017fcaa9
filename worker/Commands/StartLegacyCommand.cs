using System.CommandLine;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start legacy</c>: starts <c>LegacyRotation</c>.</summary>
internal static class StartLegacyCommand
{
    private static readonly RequestInput<LegacyRotationRequest> Input = new(
        RequestRules.ProblemsOf,
        [
            (new Option<string?>("--acknowledge-disruption") { Description = "The cluster's name once more: everybody will be cut off from it.", HelpName = "NAME" }, ["acknowledgeDisruption"]),
            (new Option<bool>("--allow-newer-kops") { Description = "Also with kops 1.22 and newer; every gate then needs two approvers." }, ["allowNewerKops"]),
            (JsonInput.Duration("--settle", "How long controllers are given to make tokens anew, and to start. Default: 1m."), ["settle"]),
            .. RequestOptions.Deliveries,
        ]);

    public static Command Create() => RotationStart.Create(
        "legacy",
        "Replace every credential of a cluster from before kOps 1.22 at once. Everybody is cut off meanwhile.",
        [
            "start legacy --cluster old.example.com --acknowledge-disruption old.example.com",
            "start legacy --cluster old.example.com --acknowledge-disruption old.example.com --quorum 2 --on-failure rollback",
        ],
        RotationIds.LegacyType,
        Input,
        r => RotationIds.OfLegacy(r.Cluster),
        r => $"Replace every credential of {r.Cluster}");
}
