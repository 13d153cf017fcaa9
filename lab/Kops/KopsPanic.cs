namespace Rotation.Lab.Kops;

/// <summary>kops crashed: exit code 2 and a stack on standard error.</summary>
internal sealed class KopsPanic(string stack) : Exception(stack)
{
    /// <summary>One of Go's functions went to something that was not there.</summary>
    public static KopsPanic NilIn(string function) => new($"panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 1 [running]:\n{function}(...)\n");
}
