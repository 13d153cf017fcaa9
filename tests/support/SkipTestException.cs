using Xunit.v3;

namespace Rotation.Tests.Support;

/// <summary>Thrown to skip the running test with a reason, without the assertion package: xunit knows it by the token in its message.</summary>
public sealed class SkipTestException(string reason) : Exception(DynamicSkipToken.Value + reason);
