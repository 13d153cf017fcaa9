using System.Globalization;

namespace Rotation.Lab.Kops.Output;

/// <summary>Lines as kops' logger writes them to standard error.</summary>
internal sealed class Klog(TextWriter errors)
{
    public void Info(string source, string message) => Write('I', source, message);

    public void Warning(string source, string message) => Write('W', source, message);

    public void Error(string source, string message) => Write('E', source, message);

    private void Write(char level, string source, string message) =>
        errors.Write(string.Create(CultureInfo.InvariantCulture, $"{level}{DateTime.UtcNow:MMdd HH:mm:ss.ffffff} {Environment.ProcessId,7} {source}] {message}\n"));
}
