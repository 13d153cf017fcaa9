using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Rotation.Worker.Hosting;

namespace Rotation.Worker.Commands;

/// <summary>Where the section <c>Rotation</c> is read from: workers need all of it, commands only the keys that payloads are encrypted with.</summary>
internal static class ConfigOption
{
    public static Option<string?> Config { get; } = Create();

    /// <summary>The configuration. Fails with exit code 2 when the file cannot be read.</summary>
    public static IConfigurationRoot Load(Invocation call)
    {
        try
        {
            return Settings.Load(call.Value(Config));
        }
        catch (InvalidDataException e)
        {
            throw CommandFailure.Usage($"{call.Value(Config) ?? Settings.DefaultFile}: {(e.InnerException ?? e).Message}");
        }
    }

    private static Option<string?> Create()
    {
        var option = new Option<string?>("--config") { Description = $"JSON file with the section 'Rotation'. Default: {Settings.DefaultFile} where you are, when there is one.", HelpName = "FILE" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } file && !File.Exists(file))
                result.AddError($"--config: there is no file '{file}'.");
        });
        return option;
    }
}
