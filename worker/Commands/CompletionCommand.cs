using System.CommandLine;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation completion</c>: a script for the shell that completes commands, options and their values, by asking this executable.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash completion for rotation; load it with: source <(rotation completion bash)
        _rotation() {
            local word="${COMP_WORDS[COMP_CWORD]}"
            mapfile -t COMPREPLY < <(compgen -W "$(rotation "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word")
        }
        complete -o default -F _rotation rotation
        """;

    private const string Zsh = """
        #compdef rotation
        # zsh completion for rotation; load it with: source <(rotation completion zsh)
        _rotation() {
            local -a found
            found=("${(@f)$(rotation "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- $found
        }
        compdef _rotation rotation
        """;

    private const string Fish = """
        # fish completion for rotation; load it with: rotation completion fish | source
        complete --command rotation --arguments '(rotation "[suggest:"(commandline --cursor)"]" (commandline --current-process) 2>/dev/null)'
        """;

    private static readonly Argument<string> Shell = new Argument<string>("shell") { Description = "bash, zsh or fish." }.AcceptOnlyFromAmong("bash", "zsh", "fish");

    public static Command Create() =>
        new Verb("completion", "Print a completion script for a shell.", ["completion bash > /etc/bash_completion.d/rotation", "completion zsh > ~/.zfunc/_rotation", "completion fish | source"], RunAsync, Shell);

    private static Task<int> RunAsync(Invocation call)
    {
        string script = call.Value(Shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        };
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new ScriptDocument(script));
        else
            call.Terminal.Say(script);
        return Task.FromResult(ExitCode.Done);
    }

    private sealed record ScriptDocument(string Script);
}
