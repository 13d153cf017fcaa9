namespace Rotation.Workflows.Keypairs;

/// <summary>The six steps by name, in order.</summary>
public static class StepNames
{
    /// <summary>One new keypair a keyset, trusted everywhere.</summary>
    public const string Stage = "1-stage";

    /// <summary>Clients get both CAs.</summary>
    public const string ExportBothCas = "2-export-ca";

    /// <summary>The new keypairs sign.</summary>
    public const string Promote = "3-promote";

    /// <summary>Clients get credentials that the new CA signed.</summary>
    public const string ExportAdmin = "4-export-admin";

    /// <summary>The old keypairs are trusted no more.</summary>
    public const string Distrust = "5-distrust";

    /// <summary>Clients get the new CA only.</summary>
    public const string ExportNewCa = "6-export-ca";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Stage, ExportBothCas, Promote, ExportAdmin, Distrust, ExportNewCa];

    /// <summary>True for steps that change what nodes serve or trust: a gate stands before each, unless one approval stands for all.</summary>
    public static bool ChangesTrust(string step) => step is Stage or Promote or Distrust;

    /// <summary>Position of a step, from 0; -1 when there is no such step.</summary>
    public static int IndexOf(string step) => All.ToList().IndexOf(step);
}
