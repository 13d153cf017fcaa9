using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rotation.Worker.CodecServer;

/// <summary>Who may call. Secrets are compared as hashes and in constant time: neither their length nor their beginning can be guessed by the clock.</summary>
internal sealed class CallerCheck
{
    private readonly byte[]? _bearer;
    private readonly byte[]? _basic;
    private readonly bool _onlyThisHost;

    public CallerCheck(CodecServerOptions options)
    {
        if (options.BearerToken.TryRead(out string token, out _))
            _bearer = Hash(token);
        if (options.User is { } user && options.Password.TryRead(out string password, out _))
            _basic = Hash($"{user}:{password}");
        _onlyThisHost = !options.WantsAuthentication;
    }

    /// <summary>
    /// Without authentication, the name the caller used for this host: a web page can make a name of its own resolve to this host (DNS rebinding), and is stopped here.
    /// </summary>
    public bool IsMeant(HostString host) => !_onlyThisHost || host.Host is "localhost" or "127.0.0.1" or "[::1]";

    /// <summary>True when the caller may read payloads.</summary>
    public bool Allows(string? authorization)
    {
        if (_bearer is null && _basic is null)
            return true;
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? given) || given.Parameter is null)
            return false;
        return given.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => Same(_bearer, given.Parameter),
            "BASIC" => Same(_basic, Decoded(given.Parameter)),
            _ => false,
        };
    }

    /// <summary>What the caller is asked for.</summary>
    public string Challenge => _basic is null ? "Bearer" : "Basic realm=\"rotation codec server\", charset=\"UTF-8\"";

    private static bool Same(byte[]? wanted, string? given) => wanted is not null && given is not null && CryptographicOperations.FixedTimeEquals(wanted, Hash(given));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string? Decoded(string parameter)
    {
        byte[] bytes = new byte[parameter.Length];
        return Convert.TryFromBase64String(parameter, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
