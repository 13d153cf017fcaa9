using Microsoft.Extensions.Configuration;

namespace Rotation.Worker.Hosting;

/// <summary>
/// The configuration, for workers and commands alike: a JSON file, over it the environment (<c>Rotation__Kops__Path</c> and so on), over it what the caller sets.
/// </summary>
internal static class Settings
{
    /// <summary>File that is read, where the process runs, when none is named and it is there.</summary>
    public const string DefaultFile = "appsettings.json";

    /// <summary>Loads it.</summary>
    /// <param name="file">JSON file; null: <see cref="DefaultFile"/>, when there is one.</param>
    /// <param name="own">Settings that win over every other source.</param>
    public static IConfigurationRoot Load(string? file = null, IReadOnlyDictionary<string, string?>? own = null) => new ConfigurationBuilder()
        .AddJsonFile(Path.GetFullPath(file ?? DefaultFile), optional: file is null, reloadOnChange: false)
        .AddEnvironmentVariables()
        .AddInMemoryCollection(own ?? new Dictionary<string, string?>())
        .Build();
}
