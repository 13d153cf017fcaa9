using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Commands;

/// <summary>Options of a <c>start</c> command and the input they make: the JSON given with <c>--input</c>, and over it each option that was given.</summary>
/// <typeparam name="T">The workflow's input.</typeparam>
/// <param name="problems">Everything that is wrong with an input.</param>
/// <param name="fields">The workflow's own options, each with the path of the field that it sets; those of every rotation are added.</param>
internal sealed class RequestInput<T>(Func<T, IReadOnlyList<string>> problems, params (Option Option, string[] Path)[] fields)
    where T : ProcedureRequest
{
    /// <summary>The options, for the command's list of symbols.</summary>
    public IEnumerable<Symbol> Options => JsonInput.OptionsOf(Fields);

    private IEnumerable<(Option Option, string[] Path)> Fields => RequestOptions.Which.Concat(fields).Concat(RequestOptions.How);

    /// <summary>Reads them. Fails with exit code 2 naming every field that is wrong.</summary>
    public async Task<T> ReadAsync(Invocation call)
    {
        T request = await JsonInput.ReadAsync<T>(call, Fields).ConfigureAwait(false);
        if (request.RequestedBy.Length == 0)
            request = request with { RequestedBy = People.Name };
        JsonInput.ThrowIfAny(problems(request));
        return request;
    }
}
