namespace Rotation.DevServer.Transport;

/// <summary>What a handler may know about the call it answers, free of gRPC types.</summary>
/// <param name="Deadline">Instant (UTC) at which the caller gives up; <see cref="DateTime.MaxValue"/> when it set none. In real time, never virtual.</param>
/// <param name="ClientName">Header <c>client-name</c>, for example <c>temporal-dotnet</c>; empty when absent.</param>
/// <param name="ClientVersion">Header <c>client-version</c>; empty when absent.</param>
/// <param name="Cancellation">Fires when the caller goes away, its deadline passes, or the server stops. Long polls must watch it.</param>
internal sealed record CallContext(DateTime Deadline, string ClientName, string ClientVersion, CancellationToken Cancellation)
{
    /// <summary>A call without deadline or headers: for internal callers such as the scheduler.</summary>
    public static CallContext Internal(CancellationToken cancellation) => new(DateTime.MaxValue, "", "", cancellation);
}
