using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rotation.Workflows.Serialization;
using Temporalio.Converters;

namespace Rotation.Worker.Encryption;

/// <summary>Makes the data converter that clients and workers use: plain, or encrypting when a key is configured.</summary>
public static class EncryptionRegistration
{
    /// <summary>Binds <see cref="EncryptionOptions"/>, validates them at start, and adds the <see cref="DataConverter"/>.</summary>
    /// <param name="services">Where to put them.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddRotationEncryption(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EncryptionOptions>().Bind(configuration.GetSection(EncryptionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EncryptionOptions>, Validator>();
        services.AddSingleton(p => PayloadKeys.Read(p.GetRequiredService<IOptions<EncryptionOptions>>().Value).Keys);
        services.AddSingleton(p => ConverterWith(p.GetRequiredService<PayloadKeys>()));
        return services;
    }

    /// <summary>The data converter for a process without a host, such as a command.</summary>
    /// <param name="configuration">The whole configuration; the section <c>Rotation:Encryption</c> is read.</param>
    /// <exception cref="OptionsValidationException">A key cannot be used; all problems at once.</exception>
    public static DataConverter DataConverterFrom(IConfiguration configuration)
    {
        var options = new EncryptionOptions();
        configuration.GetSection(EncryptionOptions.Section).Bind(options);
        (PayloadKeys keys, IReadOnlyList<string> problems) = PayloadKeys.Read(options);
        return problems.Count == 0 ? ConverterWith(keys) : throw new OptionsValidationException(EncryptionOptions.Section, typeof(EncryptionOptions), problems);
    }

    // Messages and stack traces of failures are plain text in history unless they are moved into an encoded payload.
    private static DataConverter ConverterWith(PayloadKeys keys) => !keys.IsEnabled
        ? RotationDataConverter.Plain
        : RotationDataConverter.Plain with { PayloadCodec = new AesGcmCodec(keys), FailureConverter = new DefaultFailureConverter.WithEncodedCommonAttributes() };

    private sealed class Validator : IValidateOptions<EncryptionOptions>
    {
        public ValidateOptionsResult Validate(string? name, EncryptionOptions options) =>
            PayloadKeys.Read(options).Problems is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
