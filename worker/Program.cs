using Rotation.Worker.Commands;

return await KopsPassThrough.TryRunAsync(args).ConfigureAwait(false) ?? await CommandLine.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
