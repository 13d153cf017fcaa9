using Rotation.DevServer;
using Rotation.DevServer.Store;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Client;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.DevServer.Engine;

/// <summary>What is in the file goes on after the server was stopped and started again.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _queue = RandomId.New("queue");

    private string File => Path.Combine(_folder.Path, "server.db");

    [Fact]
    public async Task A_run_goes_on_where_it_was()
    {
        var id = RandomId.New("run");
        await using (var server = await StartAsync())
        {
            var client = await ConnectAsync(server);
            using var worker = NewWorker(client);
            await worker.ExecuteAsync(async () =>
            {
                var handle = await client.StartWorkflowAsync((Conversation w) => w.RunAsync("cy"), new(id, _queue));
                await handle.ExecuteUpdateAsync(w => w.AddAsync("before"));
            });
            await client.GetWorkflowHandle<Conversation>(id).SignalAsync(w => w.SayAsync("unseen"));
        }

        await using (var server = await StartAsync())
        {
            var client = await ConnectAsync(server);
            using var worker = NewWorker(client);
            await worker.ExecuteAsync(async () =>
            {
                var handle = client.GetWorkflowHandle<Conversation, string>(id);
                await handle.ExecuteUpdateAsync(w => w.AddAsync("after"));
                await handle.SignalAsync(w => w.FinishAsync());
                (await handle.GetResultAsync()).ShouldBe("cy: before,unseen,after");
            });
        }
    }

    [Fact]
    public async Task Timers_and_retries_of_a_stopped_server_are_caught_up()
    {
        var ids = Enumerable.Range(0, 5).Select(_ => RandomId.New("run")).ToList();
        await using (var server = await StartAsync())
        {
            var client = await ConnectAsync(server);
            using var worker = NewWorker(client);
            await worker.ExecuteAsync(async () =>
            {
                foreach (var id in ids)
                    await client.StartWorkflowAsync((Chain w) => w.RunAsync(20), new(id, _queue));
            });
        }

        await using (var server = await StartAsync())
        {
            var client = await ConnectAsync(server);
            using var worker = NewWorker(client);
            await worker.ExecuteAsync(async () =>
            {
                foreach (var id in ids)
                    (await client.GetWorkflowHandle<Chain, int>(id).GetResultAsync()).ShouldBe(380);
            });
        }
    }

    [Fact]
    public async Task A_second_server_on_the_file_is_refused()
    {
        await using var server = await StartAsync();
        var refused = await Should.ThrowAsync<StoreException>(StartAsync);
        refused.Message.ShouldContain("in use by another server");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 8192));
        (await Should.ThrowAsync<StoreException>(StartAsync)).Message.ShouldContain("cannot be used as a database");
        (await System.IO.File.ReadAllTextAsync(File)).ShouldBe(new string('x', 8192));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_and_left_alone()
    {
        await using (var server = await StartAsync())
        {
            var client = await ConnectAsync(server);
            for (int n = 0; n < 50; n++)
                await client.StartWorkflowAsync((Chain w) => w.RunAsync(1), new(RandomId.New("run"), _queue));
        }
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        bytes.Length.ShouldBeGreaterThan(8 * 4096);
        // Pages in the middle of the file, as a bad disk or a copy of a running server leaves them.
        Array.Fill<byte>(bytes, 0xA5, 4 * 4096, 3 * 4096);
        await System.IO.File.WriteAllBytesAsync(File, bytes, TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<StoreException>(StartAsync());

        refused.Message.ShouldContain(File);
        refused.Message.ShouldContain("Restore it from a copy");
        (await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused()
    {
        await using (await StartAsync())
        {
        }
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE meta SET value = '999' WHERE name = 'schema'";
            command.ExecuteNonQuery();
        }
        (await Should.ThrowAsync<StoreException>(StartAsync)).Message.ShouldContain("newer server");
    }

    public void Dispose() => _folder.Dispose();

    private Task<EmbeddedServer> StartAsync() => EmbeddedServer.StartAsync(new() { DatabasePath = File }, CancellationToken.None);

    private static Task<TemporalClient> ConnectAsync(EmbeddedServer server) => TemporalClient.ConnectAsync(new(server.Address));

    private TemporalWorker NewWorker(ITemporalClient client) => new(client, new TemporalWorkerOptions(_queue)
        .AddWorkflow<Conversation>().AddWorkflow<Chain>().AddAllActivities(typeof(Work), null));
}
