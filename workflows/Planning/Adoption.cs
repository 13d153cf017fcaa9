using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;

namespace Rotation.Workflows.Planning;

/// <summary>
/// Where a rotation begins: at its first step, or in the middle of one that somebody began by hand or whose history was lost. Read from keysets, instances and servers, never from what
/// anybody says; where they do not fit together it is an error that says what to do. Pure.
/// </summary>
/// <param name="Keysets">The keysets, read as parts of the rotation.</param>
/// <param name="FirstStep">The first step that is left to do.</param>
/// <param name="Findings">What the approvers of the plan must know of it.</param>
internal sealed record Adoption(IReadOnlyList<FoundKeyset> Keysets, string FirstStep, IReadOnlyList<Finding> Findings)
{
    /// <summary>True when something was there already.</summary>
    public bool Any => Keysets.Any(k => k.Progress != KeysetProgress.Fresh);

    /// <summary>True when a part of the step is there: nodes that need no update any more are no surprise in it.</summary>
    public bool HasBegun(string step) => step switch
    {
        StepNames.Stage => Any,
        StepNames.Promote => Keysets.Any(k => k.Progress > KeysetProgress.Staged),
        StepNames.Distrust => Keysets.Any(k => k.Progress == KeysetProgress.Distrusted),
        _ => false,
    };

    /// <summary>A rotation that begins at its beginning.</summary>
    public static Adoption None(IReadOnlyList<KeysetState> keysets) => new([.. keysets.Select(FoundKeyset.Untouched)], StepNames.Stage, []);

    /// <summary>Reads keysets that are to be rotated. Whether something was begun shows <see cref="Any"/>; where it goes on, <see cref="Decide"/>.</summary>
    public static Adoption Read(IReadOnlyList<KeysetState> keysets)
    {
        FoundKeyset[] read = [.. keysets.Select(FoundKeyset.Read)];
        if (read.FirstOrDefault(k => k.Progress == KeysetProgress.Promoted)?.Made is { } sibling)
            read = [.. read.Select(k => k.AsDistrusted(sibling))];
        return new(read, StepNames.Stage, []);
    }

    /// <summary>Decides where it goes on.</summary>
    /// <param name="nodesAreCurrent">True when no instance needs the update, and an update would change nothing.</param>
    /// <param name="servers">What servers show; null when the cluster's CA is not among the keysets.</param>
    public Adoption Decide(bool nodesAreCurrent, TrustMatrix? servers)
    {
        FoundKeyset? ca = Keysets.FirstOrDefault(k => k.Name == TrustCheck.ClusterCa && k.Made is not null);
        bool trusted = ca is null || servers is null || (servers.Servers.Count > 0 && servers.Servers.All(s => s.Accepts.Contains(ca.Made!.Id)));
        bool served = ca is null || servers is null || servers.Servers.All(s => s.ServedBy == ca.Made!.Id);
        bool signs = Keysets.Any(k => k.Progress > KeysetProgress.Staged);
        if (signs && Keysets.Any(k => k.Progress == KeysetProgress.Fresh))
            return Refuse("adopt-mixed", $"some keysets sign with a new keypair already ({Names(k => k.Progress > KeysetProgress.Staged)}), others have none yet ({Names(k => k.Progress == KeysetProgress.Fresh)}): rotate the former first, by \"keysets\", then the others");
        if (signs && !trusted)
            return Refuse("adopt-unsafe", $"the keypair {ca!.Made!.Id} of '{ca.Name}' signs, but not every server trusts it: to go on would cut some off. Run 'kops promote keypair {ca.Name} {ca.Before.PrimaryId}' and start again: the keypair will be found staged");
        bool allSign = Keysets.All(k => k.Progress > KeysetProgress.Staged);
        bool allStaged = Keysets.All(k => k.Progress != KeysetProgress.Fresh);
        // Who had begun to distrust had rolled before, which servers show; without the CA they show nothing.
        bool distrusts = Keysets.Any(k => k.Progress == KeysetProgress.Distrusted);
        string first = allSign && served && (nodesAreCurrent || (distrusts && ca is not null && servers is not null)) ? StepNames.ExportAdmin : allStaged && trusted && (nodesAreCurrent || signs) ? StepNames.ExportBothCas : StepNames.Stage;
        if (distrusts && first != StepNames.ExportAdmin)
            return Refuse("adopt-unsafe", $"old keypairs are distrusted already ({Names(k => k.Progress == KeysetProgress.Distrusted)}), but not every node is as the state store says. Run 'kops update cluster --yes' and 'kops rolling-update cluster --yes', then start again");
        return this with { FirstStep = first, Findings = [.. Keysets.Where(k => k.Made is not null).Select(FindingOf)] };
    }

    private string Names(Func<FoundKeyset, bool> which) => string.Join(", ", Keysets.Where(which).Select(k => k.Name));

    private Adoption Refuse(string check, string why) => this with { Findings = [new(check, FindingSeverity.Error, $"A rotation was begun that cannot be gone on with: {why}.")] };

    private static Finding FindingOf(FoundKeyset keyset)
    {
        string state = keyset.Progress switch
        {
            KeysetProgress.Staged => "is staged",
            KeysetProgress.Promoted => $"signs, and {keyset.Before.PrimaryId} is still trusted",
            _ => $"signs, and {keyset.Before.PrimaryId} is distrusted",
        };
        return new("rotation-adopted", FindingSeverity.Warning, $"keyset '{keyset.Name}': {keyset.Made!.Id}, made on {keyset.Made.NotBefore:yyyy-MM-dd}, {state}. It is taken as this rotation's own; to make another one instead, start with \"adopt\": false");
    }
}
