using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rotation.Activities.Hosting;
using Rotation.Activities.Notifications;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Notifications;

public sealed class NotificationOptionsTests
{
    [Theory]
    [InlineData("Attempts", "0", "must be 1 to 20")]
    [InlineData("Timeout", "00:02:00", "at most a minute")]
    [InlineData("Default:0", "nosuch", "names the notifier 'nosuch'")]
    [InlineData("Notifiers:ops:Format", "slack", "Url is missing")]
    [InlineData("Notifiers:ops:Url:Environment", "ROTATION_TEST_HTTP_URL", "is no https address")]
    [InlineData("Notifiers:ops:Url:Environment", "ROTATION_TEST_USER_URL", "is no https address")]
    [InlineData("Notifiers:good:Authorization:File", "/there/is/none", "cannot be read")]
    [InlineData("Notifiers:good:SigningKey:Environment", "ROTATION_TEST_NOT_SET", "is not set")]
    [InlineData("Notifiers:good:Template", "{\"text\":\"{nosuch}\"}", "has the placeholder {nosuch}; known are {id}")]
    [InlineData("Notifiers:good:Template", "{\"text\":{text}}", "is no JSON")]
    public void A_bad_setting_is_named_without_showing_an_address(string key, string value, string words)
    {
        Environment.SetEnvironmentVariable("ROTATION_TEST_HTTP_URL", "http://hooks.example.com/CANARY");
        Environment.SetEnvironmentVariable("ROTATION_TEST_USER_URL", "https://user:CANARY@hooks.example.com/");
        Environment.SetEnvironmentVariable("ROTATION_TEST_GOOD_URL", "https://hooks.example.com/CANARY");
        Dictionary<string, string?> settings = new() { ["Rotation:Notifications:Notifiers:good:Url:Environment"] = "ROTATION_TEST_GOOD_URL", [$"Rotation:Notifications:{key}"] = value };
        using ServiceProvider services = new ServiceCollection().AddRotationActivities(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();

        string problem = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<NotificationOptions>>().Value).Failures.ShouldHaveSingleItem();

        problem.ShouldContain(words);
        problem.ShouldContain("(in the environment: Rotation__Notifications__");
        problem.ShouldNotContain("CANARY");
    }
}
