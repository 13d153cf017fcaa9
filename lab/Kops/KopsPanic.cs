namespace Rotation.Lab.Kops;

/// <summary>kops crashed: exit code 2 and a stack on standard error.</summary>
internal sealed class KopsPanic(string stack) : Exception(stack);
