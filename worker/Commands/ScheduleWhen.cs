using Temporalio.Converters;

namespace Rotation.Worker.Commands;

/// <summary>When a schedule looks, as it was asked for.</summary>
internal static class ScheduleWhen
{
    /// <summary>Memo field that has it.</summary>
    public const string Memo = "rotation-schedule-when";

    public static async Task<string> OfAsync(IReadOnlyDictionary<string, IEncodedRawValue> memo) =>
        memo.TryGetValue(Memo, out IEncodedRawValue? value) ? await value.ToValueAsync<string>().ConfigureAwait(false) ?? "" : "";
}
