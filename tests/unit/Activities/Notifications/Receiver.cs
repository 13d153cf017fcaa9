using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rotation.Tests.Unit.Activities.Notifications;

/// <summary>What a webhook got.</summary>
internal sealed record Received(string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>A real HTTP server on loopback that answers as scripted; the last answer is repeated.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Action<HttpResponse>> _answers;
    private readonly WebApplication _app;

    private Receiver(Action<HttpResponse>[] answers)
    {
        _answers = new(answers.Length == 0 ? [r => r.StatusCode = 200] : answers);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(AnswerAsync);
    }

    /// <summary>Address of the webhook, with a path that must never be shown.</summary>
    public string Url => $"{_app.Urls.Single()}/services/CANARY-PATH";

    public ConcurrentQueue<Received> Requests { get; } = new();

    public static async Task<Receiver> StartAsync(params Action<HttpResponse>[] answers)
    {
        var receiver = new Receiver(answers);
        await receiver._app.StartAsync();
        return receiver;
    }

    public static Action<HttpResponse> Status(int status, params (string Name, string Value)[] headers) => response =>
    {
        response.StatusCode = status;
        foreach ((string name, string value) in headers)
            response.Headers[name] = value;
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        Requests.Enqueue(new(body, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        if (_answers.Count > 1 ? _answers.TryDequeue(out Action<HttpResponse>? answer) : _answers.TryPeek(out answer))
            answer(context.Response);
    }
}
