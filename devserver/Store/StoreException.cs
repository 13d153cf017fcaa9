namespace Rotation.DevServer.Store;

/// <summary>The server's file cannot be used; the message says why and what to do.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
