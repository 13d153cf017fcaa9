using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Worker.Connection;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Serialization;

namespace Rotation.Worker.Commands;

/// <summary>Options of <c>start keypairs</c> and the input they make: the JSON given with <c>--input</c>, and over it each option that was given.</summary>
internal sealed class KeypairsInput
{
    // Each option with the path of the field that it sets.
    private static readonly (Option Option, string[] Path)[] Fields =
    [
        (new Option<string?>("--cluster") { Description = "kOps cluster name, a DNS name.", HelpName = "NAME" }, ["cluster"]),
        (new Option<string[]>("--keysets") { Description = "Keysets to rotate, separated by commas. Default: all.", HelpName = "NAME,…" }, ["keysets"]),
        (new Option<string?>("--state-store") { Description = "kOps state store. Default: the worker's.", HelpName = "s3://…" }, ["stateStore"]),
        (new Option<int?>("--quorum") { Description = "Approvers that a gate needs. Default: 1.", HelpName = "N" }, ["approvals", "quorum"]),
        (Duration("--gate-timeout", "How long a gate waits. Default: 72h."), ["approvals", "timeout"]),
        (new Option<string?>("--on-timeout") { Description = "What a gate does then: hold, advance or rollback. Default: hold.", HelpName = "END" }, ["approvals", "onTimeout"]),
        (new Option<bool>("--auto-approve") { Description = "Let every gate through at once. For labs." }, ["approvals", "auto"]),
        (new Option<bool>("--allow-requester") { Description = "Let the one who starts the rotation approve it as well." }, ["approvals", "excludeRequester"]),
        (Duration("--admin-ttl", "Lifetime of the admin certificates of step 4. Default: 18h."), ["adminTtl"]),
        (new Option<string?>("--on-failure") { Description = "When a step fails for good: hold or rollback. Default: hold.", HelpName = "REACTION" }, ["onFailure"]),
        (new Option<string?>("--engine") { Description = "Who replaces the nodes: durable or kops. Default: durable.", HelpName = "ENGINE" }, ["roll", "engine"]),
        (new Option<string?>("--max-unavailable") { Description = "Nodes of a worker group away at once, number or percentage. Default: 1.", HelpName = "N|N%" }, ["roll", "maxUnavailable"]),
        (new Option<string?>("--max-surge") { Description = "Nodes of a worker group started ahead, number or percentage. Default: 1.", HelpName = "N|N%" }, ["roll", "maxSurge"]),
        (new Option<string?>("--cluster-budget") { Description = "Worker nodes of the whole cluster away at once. Default: 10%.", HelpName = "N|N%" }, ["roll", "clusterBudget"]),
        (Duration("--drain-timeout", "How long a drain may take. Default: 15m."), ["roll", "drainTimeout"]),
        (new Option<int?>("--validate-count") { Description = "How often in a row the cluster must validate. Default: 2.", HelpName = "N" }, ["roll", "validateCount"]),
        (new Option<string[]>("--sinks") { Description = "Sinks for kubeconfigs, by their names in the worker's configuration.", HelpName = "NAME,…" }, ["sinks"]),
        (new Option<string?>("--when-locked") { Description = "When another rotation of the cluster runs: refuse or queue. Default: refuse.", HelpName = "REACTION" }, ["whenLocked"]),
        (new Option<string?>("--as") { Description = "Who asks, and so cannot approve. Default: ROTATION_USER, else the login name.", HelpName = "WHO" }, ["requestedBy"]),
    ];

    /// <summary>The options, for the command's list of symbols.</summary>
    public static IEnumerable<Symbol> Options => Fields.Select(f => f.Option).Prepend(JsonInput.Option);

    /// <summary>Reads them. Fails with exit code 2 naming every field that is wrong.</summary>
    public static async Task<RotateKeypairsRequest> ReadAsync(Invocation call)
    {
        JsonObject input = await JsonInput.ReadAsync(call).ConfigureAwait(false);
        foreach ((Option option, string[] path) in Fields)
            if (call.IsGiven(option) && ValueOf(call, option) is { } value)
                JsonInput.Set(input, path, value);
        RotateKeypairsRequest request = input.Deserialize<RotateKeypairsRequest>(RotationDataConverter.Json)!;
        if (request.RequestedBy.Length == 0)
            request = request with { RequestedBy = People.Name };
        JsonInput.ThrowIfAny(RequestRules.ProblemsOf(request));
        return request;
    }

    private static JsonNode? ValueOf(Invocation call, Option option) => option switch
    {
        // The field says the opposite of the option.
        Option<bool> { Name: "--allow-requester" } o => JsonValue.Create(!call.Value(o)),
        Option<bool> o => JsonValue.Create(call.Value(o)),
        Option<int?> o => JsonValue.Create(call.Value(o)),
        Option<string[]> o => new JsonArray([.. call.Value(o)!.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries)).Select(v => JsonValue.Create(v))]),
        Option<string?> o => JsonValue.Create(call.Value(o)),
        _ => throw new InvalidOperationException($"The option {option.Name} has no JSON form."),
    };

    private static Option<string?> Duration(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "DURATION" };
        option.Validators.Add(Check.Duration(option));
        return option;
    }
}
