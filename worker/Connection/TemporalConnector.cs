using System.Text.RegularExpressions;
using Rotation.Worker.Commands;
using Rotation.Worker.Hosting;
using Rotation.Worker.Observability;
using Temporalio.Client;
using Temporalio.Common.EnvConfig;
using Temporalio.Converters;

namespace Rotation.Worker.Connection;

/// <summary>What a command line says of the server; null leaves it to the environment.</summary>
internal sealed record TemporalAddress(string? Server = null, string? Namespace = null, string? Profile = null);

/// <summary>
/// Opens connections by Temporal's standard environment configuration: <c>TEMPORAL_ADDRESS</c>, <c>TEMPORAL_NAMESPACE</c>, TLS, API key, profiles of
/// <c>temporal.toml</c>.
/// </summary>
internal static partial class TemporalConnector
{
    private const string DefaultServer = "localhost:7233";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Connects, or fails within ten seconds with exit code 5 and words that say how to start a server.</summary>
    public static async Task<ITemporalClient> OpenAsync(TemporalAddress address, DataConverter converter, CancellationToken cancel)
    {
        try
        {
            TemporalClientConnectOptions options = Load(address);
            options.DataConverter = converter;
            return await ConnectAsync(options, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Usage, $"A file of Temporal's client configuration (TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH, temporal.toml) cannot be read: {e.Message}", e);
        }
    }

    private static async Task<ITemporalClient> ConnectAsync(TemporalClientConnectOptions options, CancellationToken cancel)
    {
        try
        {
            return await TemporalClient.ConnectAsync(options).WaitAsync(Limit, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or Temporalio.Exceptions.RpcException)
        {
            throw CommandFailure.Unreachable(
                $"Cannot reach the Temporal server at {options.TargetHost}: {Reason(e)}{Environment.NewLine}"
                + "Start one with 'rotation server --port 7233', or set TEMPORAL_ADDRESS (or --address) to one that runs.",
                e);
        }
    }

    private static TemporalClientConnectOptions Load(TemporalAddress address)
    {
        TemporalClientConnectOptions options;
        try
        {
            options = ClientEnvConfig.LoadClientConnectOptions(new ClientEnvConfig.ProfileLoadOptions { Profile = address.Profile, ConfigFileStrict = true });
        }
        catch (InvalidOperationException e)
        {
            throw new CommandFailure(ExitCode.Usage, $"Temporal's client configuration is wrong: {e.Message}", e);
        }

        if (address.Server is not null || string.IsNullOrEmpty(options.TargetHost))
            options.TargetHost = address.Server ?? DefaultServer;
        if (address.Namespace is not null)
            options.Namespace = address.Namespace;
        options.Identity = People.Identity;
        options.Runtime = CoreLog.Runtime;
        options.Interceptors = [.. options.Interceptors ?? [], new ClientTracing()];
        return options;
    }

    // The SDK's core wraps the operating system's words in several layers of its own.
    private static string Reason(Exception e) => e is TimeoutException
        ? $"no answer within {Limit.TotalSeconds:0} seconds."
        : e.Message.Contains("InvalidContentType", StringComparison.Ordinal)
        ? "it does not speak TLS, which TEMPORAL_TLS, a certificate or an API key asks for."
        : (SystemWords().Match(e.Message) is { Success: true } words ? words.Groups[1].Value : e.Message.TrimEnd('.')) + ".";

    [GeneratedRegex("(?:Os \\{ .*message|Uncategorized, error): \"([^\"]+)\"")]
    private static partial Regex SystemWords();
}
