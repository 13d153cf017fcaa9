using System.Text;

namespace Rotation.Lab.Kops;

/// <summary>Sends what a command writes to whom <see cref="KopsService"/> runs it for, each piece with the letter of its stream; a line when it is whole.</summary>
internal sealed class AnswerWriter(char kind, Stream answers, Lock one) : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        _text.Append(value);
        if (value == '\n')
            Flush();
    }

    public override void Write(string? value)
    {
        _text.Append(value);
        if (value?.Contains('\n', StringComparison.Ordinal) == true)
            Flush();
    }

    public override void Flush()
    {
        if (_text.Length == 0)
            return;
        byte[] piece = Encoding.GetBytes($"{kind}{_text}\0");
        _text.Clear();
        lock (one)
            answers.Write(piece);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Flush();
        base.Dispose(disposing);
    }
}
