using System.CommandLine;
using System.CommandLine.Parsing;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Commands;

/// <summary>Rules that options hold to before a command runs, each with a message that says what is right.</summary>
internal static class Check
{
    public static Action<OptionResult> Port(Option<int> option) => Range(option, 0, ushort.MaxValue);

    public static Action<OptionResult> Range(Option<int> option, int least, int most) => result =>
    {
        // What is no number at all is refused by the parser itself.
        if (result.Tokens is [.., var token] && int.TryParse(token.Value, out int value) && (value < least || value > most))
            result.AddError($"{option.Name} is {value}; it must be {least} to {most}.");
    };

    public static Action<OptionResult> Duration(Option<string?> option) => result =>
    {
        if (result.GetValueOrDefault<string?>() is { } text && !KopsDuration.TryParse(text, out _))
            result.AddError($"{option.Name} is '{text}'; write a duration as 90s, 15m or 18h.");
    };

    public static Action<OptionResult> OneOf(Option<string?> option, params string[] allowed) => result =>
    {
        if (result.GetValueOrDefault<string?>() is { } text && !allowed.Contains(text, StringComparer.OrdinalIgnoreCase))
            result.AddError($"{option.Name} is '{text}'; it must be one of {string.Join(", ", allowed)}.");
    };
}

/// <summary>Options and arguments with their rules, in one expression.</summary>
internal static class CheckExtensions
{
    public static Option<T> With<T>(this Option<T> option, Func<Option<T>, Action<OptionResult>> rule)
    {
        option.Validators.Add(rule(option));
        return option;
    }

    public static Argument<T> With<T>(this Argument<T> argument, Action<ArgumentResult> rule)
    {
        argument.Validators.Add(rule);
        return argument;
    }
}
