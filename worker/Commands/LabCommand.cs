using System.CommandLine;
using System.CommandLine.Parsing;
using Rotation.Lab;
using Rotation.Worker.Labs;
using Spectre.Console;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation lab</c>: a simulated cluster in the foreground, and what is done to it from other terminals.</summary>
internal static class LabCommand
{
    private const double DefaultSpeed = 20;
    private static readonly LabArguments Lab = new(DefaultSpeed);
    private static readonly Option<bool> Probe = new("--probe") { Description = "Let clients of every class make requests all the time; 'lab status' shows how many failed." };
    private static readonly Option<int> TokenLife = new Option<int>("--token-life") { Description = "Seconds that the service-account tokens of pods live: a rotation of their key waits until old ones have run out. 0: pods mount none.", DefaultValueFactory = _ => 0, HelpName = "SECONDS" }.With(o => Check.Range(o, 0, 86_400));
    private static readonly Option<bool> KopsProcesses = new("--kops-processes") { Description = "Run each kops command in a process of its own, as the real kops is; slower." };
    private static readonly Option<string> Dir = new("--dir") { Description = "Folder of the lab.", DefaultValueFactory = _ => LabFolder.DefaultRoot, HelpName = "DIR" };

    private static readonly Argument<string> Kind = new Argument<string>("kind") { Description = $"What goes wrong: {string.Join(", ", Enum.GetNames<LabFaultKind>())}; or 'clear'." }.With(KnownKind);
    private static readonly Option<string?> Target = new("--target") { Description = "What it hits: an instance, an instance group or a pod, by kind. With 'clear': the fault's id.", HelpName = "WHAT" };
    private static readonly Option<double?> Value = new("--value") { Description = "Its number, by kind. Default: 1.", HelpName = "X" };

    public static Command Create()
    {
        return new Verb(
            "lab",
            "A simulated kOps cluster with real TLS, for trying things.",
            ["lab up --nodes 6 --groups 2", "lab status", "lab kops get keypairs", "lab down"],
            [
                new Verb("up", "Run a lab until interrupted. The folder is used again when it holds one.", ["lab up", "lab up --dir ./lab --nodes 12 --groups 3 --speed 100"], UpAsync, [.. Lab.All, TokenLife, KopsProcesses, Probe, Dir]),
                new Verb("status", "Show the nodes of the lab, and the faults that are set.", ["lab status", "lab status --json"], StatusAsync, Dir),
                new Verb("fault", "Make something go wrong, or right again.", ["lab fault UndrainablePod --target default/web", "lab fault ApiErrorRate --value 0.1", "lab fault clear --target f1"], FaultAsync, Kind, Target, Value, Dir),
                new Verb("down", "End the lab that runs. Its folder stays.", ["lab down"], DownAsync, Dir),
            ]);
    }

    private static void KnownKind(ArgumentResult result)
    {
        if (result.GetValueOrDefault<string>() is { } kind && kind != "clear" && !Enum.TryParse<LabFaultKind>(kind, ignoreCase: true, out _))
            result.AddError($"There is no fault '{kind}'; there are {string.Join(", ", Enum.GetNames<LabFaultKind>())}.");
    }

    private static LabFolder Folder(Invocation call) => new(Path.GetFullPath(call.Value(Dir)!));

    private static async Task<int> UpAsync(Invocation call)
    {
        LabFolder folder = Folder(call);
        if (File.Exists(folder.Card) && await LabControl.AnswersAsync(await LabCard.ReadAsync(folder, call.Cancel).ConfigureAwait(false), call.Cancel).ConfigureAwait(false))
            throw CommandFailure.Refused($"A lab runs in {folder.Root} already. End it with: rotation lab down");
        LabPlan plan = Lab.Read(call) with { TokenLife = call.Value(TokenLife) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null, KopsProcesses = call.Value(KopsProcesses) };
        await using RunningLab lab = await RunningLab.StartAsync(folder, plan, call.Cancel).ConfigureAwait(false);
        await lab.Card.WriteAsync(folder, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(lab.Card);
        else
            Tell(call, lab);
        if (call.Value(Probe))
            await ProbeFile.KeepAsync(folder, lab.Cluster, plan.ProbeRate, call.Cancel).ConfigureAwait(false);
        else
            await Until.CancelledAsync(call.Cancel).ConfigureAwait(false);
        File.Delete(folder.Card);
        return ExitCode.Done;
    }

    private static void Tell(Invocation call, RunningLab lab)
    {
        call.Terminal.Say($"Cluster {lab.Card.Cluster}: {lab.Cluster.GetStatus().Nodes.Count} nodes, API at {lab.Card.Api}. Ctrl-C ends it. In another terminal:");
        call.Terminal.Say($"  . {lab.Folder.Variables}");
        call.Terminal.Say($"  rotation worker --config {lab.Folder.WorkerConfig}");
        call.Terminal.Say($"  rotation start keypairs --cluster {lab.Card.Cluster}");
    }

    private static async Task<int> StatusAsync(Invocation call)
    {
        LabCard card = await LabCard.ReadAsync(Folder(call), call.Cancel).ConfigureAwait(false);
        LabStatus status = await LabControl.StatusAsync(card, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
        {
            call.Terminal.WriteJson(status);
            return ExitCode.Done;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("instance", "group", "zone", "state", "ready", "needs update", "primary at boot");
        foreach (LabNodeStatus node in status.Nodes)
            table.AddRow(new Text(node.Id), new Text(node.Group), new Text(node.Zone), new Text(node.State + (node.Detached ? ", detached" : "")), Yes(node.Ready), Yes(node.NeedsUpdate), new Text(node.Primary ?? "boots"));
        call.Terminal.People.Write(table);
        call.Terminal.Say($"{status.ClusterName}, API at {status.ApiAddress}: {(status.Ready ? "ready" : "not ready")}");
        if (await ProbeFile.ReadAsync(Folder(call), call.Cancel).ConfigureAwait(false) is { } seen)
            call.Terminal.Say($"probing clients: {seen.Requests} requests, {seen.Failed} failed");
        foreach (LabFault fault in status.Faults)
            call.Terminal.Say($"fault {fault.Id}: {fault.Kind} {fault.Target} {fault.Value}");
        return ExitCode.Done;
    }

    private static async Task<int> FaultAsync(Invocation call)
    {
        LabCard card = await LabCard.ReadAsync(Folder(call), call.Cancel).ConfigureAwait(false);
        object answer = call.Value(Kind) == "clear"
            ? await LabControl.ClearAsync(card, call.Value(Target) ?? throw CommandFailure.Usage("--target is missing: the id of the fault to clear, as 'rotation lab status' shows it."), call.Cancel).ConfigureAwait(false)
            : await LabControl.SetAsync(card, new LabFault { Kind = Enum.Parse<LabFaultKind>(call.Value(Kind)!, ignoreCase: true), Target = call.Value(Target), Value = call.Value(Value) }, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(answer);
        else
            call.Terminal.Say(answer is LabFault fault ? $"fault {fault.Id}: {fault.Kind} {fault.Target}" : $"{answer}");
        return ExitCode.Done;
    }

    private static async Task<int> DownAsync(Invocation call)
    {
        LabFolder folder = Folder(call);
        LabCard card = await LabCard.ReadAsync(folder, call.Cancel).ConfigureAwait(false);
        await LabControl.EndAsync(card, folder, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(card);
        else
            call.Terminal.Say($"The lab in {folder.Root} has ended.");
        return ExitCode.Done;
    }

    private static Text Yes(bool value) => new(value ? "yes" : "no");
}
