using System.Text.Json;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>What became of all rotations together.</summary>
internal sealed class ChaosTally
{
    private readonly Lock _lock = new();

    public int Rotations { get; set; }

    public int Completed { get; set; }

    public int RolledBack { get; set; }

    /// <summary>Rotations that ended otherwise or not at all, delivered a step twice, left the lock taken or their kubeconfig wrong.</summary>
    public int Failed { get; set; }

    public int Kills { get; set; }

    public int DuplicateKeypairs { get; set; }

    public long FailedRequests { get; set; }

    public int WrongTrust { get; set; }

    /// <summary>Every problem in words, with its rotation.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Adds what became of others.</summary>
    public void Add(ChaosTally others)
    {
        lock (_lock)
        {
            Rotations += others.Rotations;
            Completed += others.Completed;
            RolledBack += others.RolledBack;
            Failed += others.Failed;
            Kills += others.Kills;
            DuplicateKeypairs += others.DuplicateKeypairs;
            FailedRequests += others.FailedRequests;
            WrongTrust += others.WrongTrust;
            Problems.AddRange(others.Problems);
        }
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { Rotations, Completed, RolledBack, Failed, Kills, DuplicateKeypairs, FailedRequests, WrongTrust }, JsonSerializerOptions.Web);
}
