using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Rotation.Worker.Encryption;
using Temporalio.Api.Common.V1;

namespace Rotation.Worker.CodecServer;

/// <summary>
/// Answers <c>POST …/decode</c> and <c>POST …/encode</c> with JSON payloads, as the Temporal UI and the <c>temporal</c> command ask
/// (<see href="https://docs.temporal.io/production-deployment/data-encryption"/>). A path in front is allowed, because both may be told to put the namespace there.
/// </summary>
internal sealed class CodecEndpoint(AesGcmCodec codec, CallerCheck callers, IReadOnlySet<string> origins)
{
    // Decoding a message nested deeper than any payload is would only be an attack.
    private static readonly JsonParser Parser = new(new JsonParser.Settings(recursionLimit: 16).WithIgnoreUnknownFields(true));

    public CodecEndpoint(AesGcmCodec codec, CallerCheck callers, IEnumerable<string> origins)
        : this(codec, callers, origins.ToHashSet(StringComparer.Ordinal))
    {
    }

    public async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!callers.IsMeant(request.Host))
            await SayAsync(context, StatusCodes.Status421MisdirectedRequest, "This server answers to localhost only.").ConfigureAwait(false);
        else if (!AllowsOrigin(context))
            await SayAsync(context, StatusCodes.Status403Forbidden, "This origin is not among Rotation:CodecServer:AllowedOrigins.").ConfigureAwait(false);
        else if (HttpMethods.IsOptions(request.Method))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else if (OperationOf(request) is not { } operation)
            await SayAsync(context, StatusCodes.Status404NotFound, "Here are POST /decode and POST /encode only.").ConfigureAwait(false);
        else if (!callers.Allows(request.Headers.Authorization))
            await ChallengeAsync(context).ConfigureAwait(false);
        else
            await TranslateAsync(context, operation).ConfigureAwait(false);
    }

    // An answer to a page's request is readable for it only with these headers; a request of an unknown page is not even looked at.
    private bool AllowsOrigin(HttpContext context)
    {
        StringValues origin = context.Request.Headers.Origin;
        context.Response.Headers.Vary = "Origin";
        context.Response.Headers.CacheControl = "no-store";
        if (origin.Count == 0)
            return true;
        if (origin.Count > 1 || !origins.Contains(origin.ToString()))
            return false;
        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlAllowMethods = "POST, OPTIONS";
        context.Response.Headers.AccessControlAllowHeaders = "authorization, authorization-extras, content-type, x-namespace";
        context.Response.Headers.AccessControlAllowCredentials = "true";
        context.Response.Headers.AccessControlMaxAge = "600";
        // Chrome asks before a public page calls a private address.
        if (context.Request.Headers.ContainsKey("Access-Control-Request-Private-Network"))
            context.Response.Headers["Access-Control-Allow-Private-Network"] = "true";
        return true;
    }

    private static string? OperationOf(HttpRequest request) => !HttpMethods.IsPost(request.Method) ? null : request.Path.Value?.Split('/')[^1] switch
    {
        "decode" => "decode",
        "encode" => "encode",
        _ => null,
    };

    private Task ChallengeAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = callers.Challenge;
        return SayAsync(context, StatusCodes.Status401Unauthorized, "Authenticate first.");
    }

    private async Task TranslateAsync(HttpContext context, string operation)
    {
        try
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            Payloads payloads = Parser.Parse<Payloads>(await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false));
            var answer = new Payloads { Payloads_ = { await (operation == "decode" ? codec.DecodeAsync(payloads.Payloads_) : codec.EncodeAsync(payloads.Payloads_)).ConfigureAwait(false) } };
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(JsonFormatter.Default.Format(answer), context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidJsonException or InvalidProtocolBufferException or InvalidOperationException or FormatException)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, "The body is no JSON of payloads.").ConfigureAwait(false);
        }
        catch (PayloadUnreadableException e)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, e.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await SayAsync(context, e.StatusCode, "The body is too large or cut short.").ConfigureAwait(false);
        }
    }

    private static Task SayAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(words, context.RequestAborted);
    }
}
