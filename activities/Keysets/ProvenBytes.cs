using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Rotation.Activities.Keysets;

/// <summary>
/// Bytes that passed a check that only depends on them: keys are checked for primes each time they are loaded, too dear for every read of a keyset that has not
/// changed. Remembers hashes only.
/// </summary>
internal static class ProvenBytes
{
    private const int Most = 10_000;
    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    /// <summary>Runs the check unless these very bytes passed it before; what it throws is not remembered.</summary>
    public static void Prove(byte[] content, Action check)
    {
        string hash = Convert.ToHexString(SHA256.HashData(content));
        if (Known.ContainsKey(hash))
            return;
        check();
        if (Known.Count >= Most)
            Known.Clear();
        Known[hash] = true;
    }
}
