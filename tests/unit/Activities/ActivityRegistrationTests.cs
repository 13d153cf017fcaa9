using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;
using Rotation.Workflows;
using Shouldly;
using Temporalio.Activities;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class ActivityRegistrationTests
{
    [Fact]
    public void Every_contract_is_implemented_by_a_class_that_can_be_made_and_registered()
    {
        using ServiceProvider services = new ServiceCollection().AddRotationActivities(new ConfigurationBuilder().Build()).BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        string[] contracts = [.. typeof(RotationErrors).Assembly.GetTypes().Where(t => t.IsInterface).SelectMany(t => t.GetMethods()).Where(m => m.GetCustomAttribute<ActivityAttribute>() is not null).Select(m => m.Name[..^"Async".Length]).Order(StringComparer.Ordinal)];

        string[] registered = [.. ActivityRegistration.ActivityTypes.SelectMany(t => ActivityDefinition.CreateAll(t, services.GetRequiredService(t))).Select(d => d.Name!).Order(StringComparer.Ordinal)];

        registered.ShouldBe(contracts);
    }
}
