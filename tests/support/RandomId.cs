namespace Rotation.Tests.Support;

/// <summary>Ids no other test or run has: tests share servers and folders.</summary>
public static class RandomId
{
    /// <summary>For example <c>order-5f0c…</c>: the prefix, a dash, 32 hexadecimal digits.</summary>
    public static string New(string prefix) => $"{prefix}-{Guid.NewGuid():N}";
}
