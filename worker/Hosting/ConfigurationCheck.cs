using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rotation.Activities.Hosting;
using Rotation.Worker.Commands;
using Rotation.Worker.Encryption;

namespace Rotation.Worker.Hosting;

/// <summary>Checks every section that a worker reads, before anything is connected or started.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Fails with exit code 2 and all errors of all sections, each with its key and its form in the environment.</summary>
    public static void ThrowIfWrong(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddRotationActivities(configuration).AddRotationEncryption(configuration);
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerRules>();
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException e) when (e.InnerExceptions.All(i => i is OptionsValidationException))
        {
            throw new OptionsValidationException(RotationOptions.Section, typeof(RotationOptions), e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(i => i.Failures));
        }
        catch (InvalidOperationException e)
        {
            // Says key, value and what it should have been.
            throw new CommandFailure(ExitCode.Usage, $"The configuration is wrong:{Environment.NewLine}  {e.Message}", e);
        }
    }
}
