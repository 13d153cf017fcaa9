using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Rotation.Tests.Unit.Worker.Encryption;
using Rotation.Worker.CodecServer;
using Shouldly;
using Temporalio.Api.Common.V1;
using Xunit;

namespace Rotation.Tests.Unit.Worker.CodecServer;

public sealed class CodecServerTests : IAsyncDisposable
{
    private const string Origin = "https://temporal.example.com";
    private const string Token = "0123456789abcdef0123456789abcdef";
    private readonly TestKeys _keys = new();
    private readonly HttpClient _http = new();
    private CodecServerHost? _server;

    [Theory]
    [InlineData("")]
    [InlineData("/default")]
    public async Task What_a_worker_encrypts_the_UI_reads(string prefix)
    {
        await StartAsync([]);
        Payload encrypted = (await _keys.Codec("k1", ("k1", 1)).EncodeAsync([Plain("canary")])).Single();

        HttpResponseMessage response = await PostAsync($"{prefix}/decode", new Payloads { Payloads_ = { encrypted, Plain("as it was") } });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await PayloadsOf(response)).Select(p => p.Data.ToStringUtf8()).ShouldBe(["canary", "as it was"]);
    }

    [Fact]
    public async Task What_is_typed_into_the_UI_is_encrypted_for_the_worker()
    {
        await StartAsync([]);

        Payload[] encrypted = await PayloadsOf(await PostAsync("/encode", new Payloads { Payloads_ = { Plain("canary") } }));

        encrypted.Single().Metadata["encryption-key-id"].ToStringUtf8().ShouldBe("k1");
        (await _keys.Codec("k1", ("k1", 1)).DecodeAsync(encrypted)).Single().ShouldBe(Plain("canary"));
    }

    [Fact]
    public async Task Without_the_key_it_says_which_one_is_missing()
    {
        await StartAsync([]);
        Payload old = (await _keys.Codec("k0", ("k0", 9)).EncodeAsync([Plain("canary")])).Single();

        HttpResponseMessage response = await PostAsync("/decode", new Payloads { Payloads_ = { old } });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TextOf(response)).ShouldContain("'k0'");
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_call_and_read()
    {
        await StartAsync(new() { ["AllowedOrigins:0"] = Origin, ["BearerToken:File"] = _keys.Write("token", Token) });

        HttpResponseMessage asked = await SendAsync(new(HttpMethod.Options, Url("/decode")) { Headers = { { "Origin", Origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Private-Network", "true" } } });
        HttpResponseMessage answered = await SendAsync(Post("/decode", "{}", ("Origin", Origin), ("Authorization", $"Bearer {Token}"), ("X-Namespace", "default")));

        asked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        asked.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldBe("authorization, authorization-extras, content-type, x-namespace");
        asked.Headers.GetValues("Access-Control-Allow-Private-Network").ShouldBe(["true"]);
        answered.StatusCode.ShouldBe(HttpStatusCode.OK);
        answered.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Origin]);
        answered.Headers.GetValues("Access-Control-Allow-Credentials").ShouldBe(["true"]);
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://temporal.example.com.evil.example.com")]
    [InlineData("http://temporal.example.com")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_gets_nothing(string origin)
    {
        await StartAsync(new() { ["AllowedOrigins:0"] = Origin });

        foreach (HttpRequestMessage request in new[] { Post("/decode", "{}", ("Origin", origin)), new(HttpMethod.Options, Url("/decode")) { Headers = { { "Origin", origin } } } })
        {
            HttpResponseMessage response = await SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_name_that_was_made_to_point_here_is_refused_when_nobody_authenticates()
    {
        await StartAsync([]);

        (await SendAsync(Post("/decode", "{}", ("Host", "rebound.example.com")))).StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer " + Token, 200)]
    [InlineData("bearer " + Token, 200)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Basic b3BzOmxvbmctZW5vdWdoLXBhc3N3b3Jk", 200)]
    [InlineData("Basic b3BzOndyb25n", 401)]
    [InlineData("Basic not-base64", 401)]
    [InlineData("Basic " + Token, 401)]
    public async Task Only_who_authenticates_may_read(string? authorization, int status)
    {
        await StartAsync(new() { ["BearerToken:File"] = _keys.Write("token", Token), ["User"] = "ops", ["Password:File"] = _keys.Write("password", "long-enough-password") });

        HttpResponseMessage response = await SendAsync(authorization is null ? Post("/decode", "{}") : Post("/decode", "{}", ("Authorization", authorization)));

        ((int)response.StatusCode).ShouldBe(status);
        if (status == 401)
            response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Basic");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"payloads\":[{\"data\":\"!!!\"}]}")]
    [InlineData("{\"payloads\":[{\"metadata\":{\"encoding\":\"YmluYXJ5L2VuY3J5cHRlZA==\",\"encryption-key-id\":\"azE=\"},\"data\":\"AAAA\"}]}")]
    public async Task A_bad_body_is_refused_in_words(string body)
    {
        await StartAsync([]);

        HttpResponseMessage response = await SendAsync(Post("/decode", body));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TextOf(response)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/decode")]
    [InlineData("POST", "/")]
    [InlineData("POST", "/decode/more")]
    public async Task There_is_nothing_else(string method, string path)
    {
        await StartAsync([]);

        (await SendAsync(new HttpRequestMessage(new HttpMethod(method), Url(path)))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _http.Dispose();
        _keys.Dispose();
    }

    private static Payload Plain(string content) => new() { Data = ByteString.CopyFromUtf8(content), Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") } };

    private static async Task<Payload[]> PayloadsOf(HttpResponseMessage response) => [.. JsonParser.Default.Parse<Payloads>(await TextOf(response)).Payloads_];

    private static Task<string> TextOf(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private async Task StartAsync(Dictionary<string, string?> server)
    {
        Dictionary<string, string?> settings = _keys.Settings("k1", ("k1", 1));
        settings["Rotation:CodecServer:Listen"] = "http://127.0.0.1:0";
        foreach ((string key, string? value) in server)
            settings[$"Rotation:CodecServer:{key}"] = value;
        _server = await CodecServerHost.StartAsync(TestKeys.From(settings), l => l.ClearProviders(), TestContext.Current.CancellationToken);
    }

    private string Url(string path) => _server!.Address + path;

    private Task<HttpResponseMessage> PostAsync(string path, Payloads payloads) => SendAsync(Post(path, JsonFormatter.Default.Format(payloads)));

    private HttpRequestMessage Post(string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url(path)) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, TestContext.Current.CancellationToken);
}
