using Microsoft.Extensions.Configuration;
using Rotation.Tests.Support;
using Rotation.Worker.Encryption;

namespace Rotation.Tests.Unit.Worker.Encryption;

/// <summary>Key files of a test and the configuration that names them; the first id is the active one.</summary>
internal sealed class TestKeys : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Base64 of 32 times a byte.</summary>
    public static string KeyOf(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());

    /// <summary>Writes a private file and returns its path.</summary>
    public string Write(string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        string path = _folder.Combine(name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    public Dictionary<string, string?> Settings(string active, params (string Id, byte Fill)[] keys)
    {
        Dictionary<string, string?> settings = new() { ["Rotation:Encryption:ActiveKey"] = active };
        foreach ((string id, byte fill) in keys)
            settings[$"Rotation:Encryption:Keys:{id}:File"] = Write($"{id}-{fill}", KeyOf(fill) + "\n");
        return settings;
    }

    public IConfiguration Configuration(string active, params (string Id, byte Fill)[] keys) => From(Settings(active, keys));

    public AesGcmCodec Codec(string active, params (string Id, byte Fill)[] keys)
    {
        var options = new EncryptionOptions();
        Configuration(active, keys).GetSection(EncryptionOptions.Section).Bind(options);
        return new AesGcmCodec(PayloadKeys.Read(options).Keys);
    }

    public static IConfiguration From(IDictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    public void Dispose() => _folder.Dispose();
}
