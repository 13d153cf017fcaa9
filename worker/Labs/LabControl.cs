using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rotation.Lab;
using Rotation.Worker.Commands;

namespace Rotation.Worker.Labs;

/// <summary>Talks to a lab that runs in another process.</summary>
internal static class LabControl
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    /// <summary>Whether the lab answers, and is the one the card speaks of.</summary>
    public static async Task<bool> AnswersAsync(LabCard card, CancellationToken cancel)
    {
        try
        {
            return (await StatusAsync(card, cancel).ConfigureAwait(false)).ClusterName == card.Cluster;
        }
        catch (CommandFailure)
        {
            return false;
        }
    }

    public static async Task<LabStatus> StatusAsync(LabCard card, CancellationToken cancel) =>
        (await SendAsync<LabStatus>(card, () => Http.GetAsync(new Uri(card.Control, "status"), cancel), cancel).ConfigureAwait(false))!;

    /// <summary>Everything that has happened in the lab.</summary>
    public static async Task<IReadOnlyList<LabEvent>> EventsAsync(LabCard card, CancellationToken cancel) =>
        (await SendAsync<LabEvent[]>(card, () => Http.GetAsync(new Uri(card.Control, "events"), cancel), cancel).ConfigureAwait(false))!;

    /// <summary>Sets a fault. Fails with exit code 3 when the lab refuses it.</summary>
    public static async Task<LabFault> SetAsync(LabCard card, LabFault fault, CancellationToken cancel) =>
        (await SendAsync<LabFault>(card, () => Http.PostAsJsonAsync(new Uri(card.Control, "faults"), fault, Json, cancel), cancel).ConfigureAwait(false))!;

    /// <summary>Clears a fault. Fails with exit code 3 when there is none of that id.</summary>
    public static async Task<string> ClearAsync(LabCard card, string id, CancellationToken cancel)
    {
        await SendAsync<JsonElement>(card, () => Http.DeleteAsync(new Uri(card.Control, $"faults/{Uri.EscapeDataString(id)}"), cancel), cancel).ConfigureAwait(false);
        return $"fault {id} is cleared";
    }

    /// <summary>Asks the lab's process to end, once it is sure that it is the lab, and waits until it did.</summary>
    public static async Task EndAsync(LabCard card, LabFolder folder, CancellationToken cancel)
    {
        await StatusAsync(card, cancel).ConfigureAwait(false);
        using (Process kill = Process.Start("kill", ["-TERM", $"{card.ProcessId}"]))
            await kill.WaitForExitAsync(cancel).ConfigureAwait(false);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        DateTime end = DateTime.UtcNow + EndLimit;
        while (File.Exists(folder.Card))
        {
            if (DateTime.UtcNow > end)
                throw CommandFailure.Failed($"The lab (process {card.ProcessId}) does not end.");
            await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
        }
    }

    private static async Task<T?> SendAsync<T>(LabCard card, Func<Task<HttpResponseMessage>> send, CancellationToken cancel)
    {
        try
        {
            using HttpResponseMessage answer = await send().ConfigureAwait(false);
            string text = await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize<T>(text, Json) : throw CommandFailure.Refused($"The lab refuses: {JsonSerializer.Deserialize<JsonElement>(text).GetProperty("error").GetString()}");
        }
        catch (HttpRequestException e)
        {
            throw CommandFailure.Unreachable($"The lab at {card.Control} does not answer. Start one with: rotation lab up", e);
        }
    }
}
