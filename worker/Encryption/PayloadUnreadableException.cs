namespace Rotation.Worker.Encryption;

/// <summary>
/// An encrypted payload cannot be decrypted: its key is not configured, or it was changed. A workflow task that meets one fails and is tried again, so adding the missing key and
/// restarting the worker is enough for the rotation to go on.
/// </summary>
/// <param name="message">Which key, what to do. Never content.</param>
/// <param name="inner">What the cipher said, or null.</param>
internal sealed class PayloadUnreadableException(string message, Exception? inner = null) : Exception(message, inner);
