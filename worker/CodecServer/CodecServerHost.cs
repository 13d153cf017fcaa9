using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rotation.Worker.Encryption;

namespace Rotation.Worker.CodecServer;

/// <summary>The codec server on Kestrel. Logs neither content nor credentials; keeps nothing.</summary>
internal sealed class CodecServerHost : IAsyncDisposable
{
    // The UI sends a page of history at once.
    private const long LargestBody = 64 * 1024 * 1024;
    private readonly WebApplication _app;
    private readonly X509Certificate2? _certificate;

    private CodecServerHost(WebApplication app, X509Certificate2? certificate) => (_app, _certificate) = (app, certificate);

    /// <summary>Where it listens, with the port it really has.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>Starts it.</summary>
    /// <param name="configuration">The whole configuration; the sections <c>Rotation:Encryption</c> and <c>Rotation:CodecServer</c> are read.</param>
    /// <param name="logging">How to log.</param>
    /// <param name="ct">Ends the start.</param>
    /// <exception cref="OptionsValidationException">The configuration is wrong; all problems at once.</exception>
    public static async Task<CodecServerHost> StartAsync(IConfiguration configuration, Action<ILoggingBuilder> logging, CancellationToken ct)
    {
        (CodecServerOptions options, PayloadKeys keys) = Read(configuration);
        X509Certificate2? certificate = CodecServerRules.CertificateOf(options);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, certificate));
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        WebApplication app = builder.Build();
        app.Urls.Add(options.Listen);
        app.Run(new CodecEndpoint(new AesGcmCodec(keys), new CallerCheck(options), [.. options.AllowedOrigins]).AnswerAsync);
        var host = new CodecServerHost(app, certificate);
        await app.StartAsync(ct).ConfigureAwait(false);
        return host;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        _certificate?.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, X509Certificate2? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        if (certificate is not null)
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
    }

    private static (CodecServerOptions Options, PayloadKeys Keys) Read(IConfiguration configuration)
    {
        var options = new CodecServerOptions();
        configuration.GetSection(CodecServerOptions.Section).Bind(options);
        var encryption = new EncryptionOptions();
        configuration.GetSection(EncryptionOptions.Section).Bind(encryption);
        (PayloadKeys keys, IReadOnlyList<string> problems) = PayloadKeys.Read(encryption);
        string[] all = [.. problems, .. CodecServerRules.ProblemsOf(options)];
        if (all.Length == 0 && !keys.IsEnabled)
            all = [$"{EncryptionOptions.Section}:Keys is empty; the codec server needs the keys of the workers."];
        return all.Length == 0 ? (options, keys) : throw new OptionsValidationException(CodecServerOptions.Section, typeof(CodecServerOptions), all);
    }
}
