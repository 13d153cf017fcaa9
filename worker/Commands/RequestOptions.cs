using System.CommandLine;

namespace Rotation.Worker.Commands;

/// <summary>The options that every rotation has, each with the path of the field that it sets.</summary>
internal static class RequestOptions
{
    /// <summary>Which cluster.</summary>
    public static readonly (Option Option, string[] Path)[] Which =
    [
        (new Option<string?>("--cluster") { Description = "kOps cluster name, a DNS name.", HelpName = "NAME" }, ["cluster"]),
    ];

    /// <summary>How: gates, failures, rolls, people.</summary>
    public static readonly (Option Option, string[] Path)[] How =
    [
        (new Option<string?>("--state-store") { Description = "kOps state store. Default: the worker's.", HelpName = "s3://…" }, ["stateStore"]),
        (new Option<int?>("--quorum") { Description = "Approvers that a gate needs. Default: 1.", HelpName = "N" }, ["approvals", "quorum"]),
        (JsonInput.Duration("--gate-timeout", "How long a gate waits. Default: 72h."), ["approvals", "timeout"]),
        (new Option<string?>("--on-timeout") { Description = "What a gate does then: hold, advance or rollback. Default: hold.", HelpName = "END" }, ["approvals", "onTimeout"]),
        (new Option<bool>("--auto-approve") { Description = "Let every gate through at once. For labs." }, ["approvals", "auto"]),
        (new Option<bool>("--allow-requester") { Description = "Let the one who starts the rotation approve it as well." }, ["approvals", "excludeRequester"]),
        (new Option<string?>("--on-failure") { Description = "When a step fails for good: hold or rollback. Default: hold.", HelpName = "REACTION" }, ["onFailure"]),
        (new Option<string?>("--engine") { Description = "Who replaces the nodes: durable or kops. Default: durable.", HelpName = "ENGINE" }, ["roll", "engine"]),
        (new Option<string?>("--max-unavailable") { Description = "Nodes of a worker group away at once, number or percentage. Default: 1.", HelpName = "N|N%" }, ["roll", "maxUnavailable"]),
        (new Option<string?>("--max-surge") { Description = "Nodes of a worker group started ahead, number or percentage. Default: 1.", HelpName = "N|N%" }, ["roll", "maxSurge"]),
        (new Option<string?>("--cluster-budget") { Description = "Worker nodes of the whole cluster away at once. Default: 10%.", HelpName = "N|N%" }, ["roll", "clusterBudget"]),
        (JsonInput.Duration("--drain-timeout", "How long a drain may take. Default: 15m."), ["roll", "drainTimeout"]),
        (new Option<int?>("--validate-count") { Description = "How often in a row the cluster must validate. Default: 2.", HelpName = "N" }, ["roll", "validateCount"]),
        (new Option<string[]>("--notify") { Description = "Notifiers that are told of gates, failures and the end, by their names in the worker's configuration.", HelpName = "NAME,…" }, ["notify"]),
        (new Option<string?>("--when-locked") { Description = "When another rotation of the cluster runs: refuse or queue. Default: refuse.", HelpName = "REACTION" }, ["whenLocked"]),
        (new Option<string?>("--as") { Description = "Who asks, and so cannot approve. Default: ROTATION_USER, else the login name.", HelpName = "WHO" }, ["requestedBy"]),
    ];

    /// <summary>Where kubeconfigs are delivered.</summary>
    public static readonly (Option Option, string[] Path)[] Deliveries =
    [
        (JsonInput.Duration("--admin-ttl", "Lifetime of the admin certificates that are delivered. Default: 18h."), ["adminTtl"]),
        (new Option<string[]>("--sinks") { Description = "Sinks for kubeconfigs, by their names in the worker's configuration.", HelpName = "NAME,…" }, ["sinks"]),
    ];
}
