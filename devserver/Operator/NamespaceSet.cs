using System.Security.Cryptography;
using System.Text;

namespace Rotation.DevServer.Operator;

/// <summary>
/// The namespaces of this server: fixed at start, at least one. Ids are derived from names, so they stay the same over restarts
/// without being stored.
/// </summary>
internal sealed class NamespaceSet
{
    private readonly List<string> _names;

    /// <summary>Throws <see cref="ArgumentException"/> when there is no name or one is empty.</summary>
    public NamespaceSet(IEnumerable<string> names)
    {
        _names = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (_names.Count == 0 || _names.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("A server needs at least one namespace, and none without a name.", nameof(names));
    }

    public IReadOnlyList<string> Names => _names;

    public bool Has(string name) => _names.BinarySearch(name, StringComparer.Ordinal) >= 0;

    /// <summary>Finds the name to an id given by <see cref="IdOf"/>; null when there is none.</summary>
    public string? NameOf(string id) => _names.Find(name => IdOf(name) == id);

    public static string IdOf(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("namespace:" + name)).AsSpan(0, 16)).ToString();
}
