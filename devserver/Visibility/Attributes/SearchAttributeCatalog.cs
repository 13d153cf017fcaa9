using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Attributes;

/// <summary>Which custom search attributes each namespace has: read once at start, durable before a change is answered. Safe for any thread.</summary>
internal sealed partial class SearchAttributeCatalog
{
    private readonly ConcurrentDictionary<string, AttributeTypes> _byNamespace = new(StringComparer.Ordinal);
    private readonly IDatabase _database;

    private SearchAttributeCatalog(IDatabase database) => _database = database;

    public static async Task<SearchAttributeCatalog> LoadAsync(IDatabase database, CancellationToken cancellation)
    {
        var catalog = new SearchAttributeCatalog(database);
        foreach (var group in (await database.ReadAsync(ReadAll, cancellation).ConfigureAwait(false)).GroupBy(a => a.Namespace))
            catalog._byNamespace[group.Key] = new(group.Key, group.ToImmutableSortedDictionary(a => a.Name, a => a.Type, StringComparer.Ordinal));
        return catalog;
    }

    public AttributeTypes Of(string namespaceName) =>
        _byNamespace.GetValueOrDefault(namespaceName) ?? new(namespaceName, ImmutableSortedDictionary.Create<string, IndexedValueType>(StringComparer.Ordinal));

    /// <summary>Registers attributes. One that is there is no change, of whatever type; system names are refused.</summary>
    public async Task AddAsync(string namespaceName, IReadOnlyDictionary<string, IndexedValueType> attributes, CancellationToken cancellation)
    {
        foreach (var (name, type) in attributes)
            RequireAddable(name, type);
        var added = attributes.Where(a => !Of(namespaceName).Custom.ContainsKey(a.Key)).ToList();
        await _database.WriteAsync(connection => added.Sum(a => Execute(
            connection, "INSERT OR REPLACE INTO search_attribute VALUES ($ns, $name, $type)", namespaceName, a.Key, a.Value)), cancellation).ConfigureAwait(false);
        Change(namespaceName, custom => custom.SetItems(added));
    }

    /// <summary>Forgets attributes; runs that carry them keep them unseen. Nothing happens to a name that is not registered; system names are refused.</summary>
    public async Task RemoveAsync(string namespaceName, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        foreach (var name in names)
        {
            if (SystemAttributes.IsDefined(name))
                throw Failures.InvalidArgument($"Unable to remove non-custom search attributes: {name}.");
        }
        await _database.WriteAsync(connection => names.Sum(name => Execute(
            connection, "DELETE FROM search_attribute WHERE namespace = $ns AND name = $name", namespaceName, name, default)), cancellation).ConfigureAwait(false);
        Change(namespaceName, custom => custom.RemoveRange(names));
    }

    private void Change(string namespaceName, Func<ImmutableSortedDictionary<string, IndexedValueType>, ImmutableSortedDictionary<string, IndexedValueType>> change) =>
        _byNamespace.AddOrUpdate(
            namespaceName,
            _ => new AttributeTypes(namespaceName, change(Of(namespaceName).Custom)),
            (_, types) => types with { Custom = change(types.Custom) });

    private static void RequireAddable(string name, IndexedValueType type)
    {
        if (!Name().IsMatch(name))
            throw Failures.InvalidArgument($"Search attribute name '{name}' must be letters, digits, '_', '-' and '.', a letter or '_' first.");
        if (SystemAttributes.IsReserved(name))
            throw Failures.InvalidArgument($"Search attribute {name} is reserved by system.");
        if (type == IndexedValueType.Unspecified || !Enum.IsDefined(type))
            throw Failures.InvalidArgument($"Unknown search attribute type: {type}.");
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]*$")]
    private static partial Regex Name();

    private static List<(string Namespace, string Name, IndexedValueType Type)> ReadAll(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT namespace, name, type FROM search_attribute";
        using var reader = command.ExecuteReader();
        var all = new List<(string, string, IndexedValueType)>();
        while (reader.Read())
            all.Add((reader.GetString(0), reader.GetString(1), (IndexedValueType)reader.GetInt32(2)));
        return all;
    }

    private static int Execute(SqliteConnection connection, string sql, string namespaceName, string name, IndexedValueType type)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$ns", namespaceName);
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$type", (int)type);
        return command.ExecuteNonQuery();
    }
}
