using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rotation.Activities.Hosting;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class RotationOptionsTests
{
    [Fact]
    public void A_good_configuration_is_bound_whole()
    {
        RotationOptions options = Bind(new()
        {
            ["Rotation:Kops:Binaries:1.26"] = "/opt/kops-1.26",
            ["Rotation:StateStore"] = "file:///store",
            ["Rotation:DefaultSinks:0"] = "ops",
            ["Rotation:Sinks:ops:Type"] = "file",
            ["Rotation:Sinks:ops:Path"] = "/etc/kubeconfig",
            ["Rotation:Clusters:prod.example.com:ApiServerAddress"] = "127.0.0.1:8443",
            ["Rotation:Deadlines:KopsRead"] = "00:00:05",
        });

        options.Kops.Binaries["1.26"].ShouldBe("/opt/kops-1.26");
        options.Sinks["ops"].Type.ShouldBe(SinkType.File);
        options.Clusters["prod.example.com"].ApiServerAddress.ShouldBe("127.0.0.1:8443");
        options.DefaultSinks.ShouldBe(["ops"]);
        options.Deadlines.KopsRead.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Every_error_is_told_at_once_with_key_and_environment_form()
    {
        var error = Should.Throw<OptionsValidationException>(() => Bind(new()
        {
            ["Rotation:Kops:Path"] = " ",
            ["Rotation:StateStore"] = "bogus://x",
            ["Rotation:DefaultSinks:0"] = "nosuch",
            ["Rotation:Sinks:ops:Type"] = "s3",
            ["Rotation:Clusters:c.example.com:ApiServerAddress"] = "no-port",
            ["Rotation:Deadlines:Call"] = "00:00:00",
            ["Rotation:WorkDirectory"] = "relative",
        }));

        error.Failures.Count().ShouldBe(8);
        error.Message.ShouldContain("Rotation:Sinks:ops:Bucket must name the bucket (in the environment: Rotation__Sinks__ops__Bucket)");
        error.Message.ShouldContain("Rotation__Clusters__c.example.com__ApiServerAddress");
    }

    private static RotationOptions Bind(Dictionary<string, string?> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using ServiceProvider services = new ServiceCollection().AddRotationActivities(configuration).BuildServiceProvider();
        return services.GetRequiredService<RotationOptions>();
    }
}
