using System.Reflection;
using System.Text.Json;
using DataHealth.Local.Runtime.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Local.Runtime.Invocation;

/// <summary>
/// Finds the value of each parameter as the worker does. A value that cannot be converted is a <see cref="FunctionInputConverterException"/>
/// inside the middleware, so that the application decides what the caller is told; left alone, it is a 500 here as there.
/// </summary>
internal static class FunctionArguments
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    public static async ValueTask<object?[]> BindAsync(LocalFunctionContext context)
    {
        var parameters = context.Function.Parameters;
        var values = new object?[parameters.Count];
        var errors = new List<string>();
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = await BindAsync(parameters[i], context);
            }
            catch (Exception conversion) when (conversion is JsonException or FormatException or NotSupportedException)
            {
                errors.Add($"Cannot convert input parameter '{parameters[i].Name}' to type '{parameters[i].ParameterType}' from text.");
            }
            catch (MissingValueException)
            {
                errors.Add($"Could not populate the value for '{parameters[i].Name}' parameter. Consider adding a default value or making the parameter nullable.");
            }
        }
        return errors.Count == 0
            ? values
            : throw new FunctionInputConverterException(
                $"Error converting {errors.Count} input parameters for Function '{context.Function.Name}': {string.Join(Environment.NewLine, errors)}");
    }

    private static ValueTask<object?> BindAsync(ParameterInfo parameter, LocalFunctionContext context)
    {
        if (context.Function.IsTrigger(parameter))
            return new(context.Function.Kind is FunctionKind.Http ? context.GetHttpContext()!.Request : context.TriggerValue);
        if (parameter.ParameterType == typeof(FunctionContext))
            return new(context);
        if (parameter.ParameterType == typeof(CancellationToken))
            return new(context.CancellationToken);
        if (parameter.IsDefined(typeof(DurableClientAttribute)))
            return new(context.InstanceServices.GetRequiredService(parameter.ParameterType));
        if (parameter.IsDefined(typeof(FromBodyAttribute)))
            return RequestBody.ReadAsync(context.GetHttpContext()!, parameter.ParameterType);
        return new(Named(parameter, context.BindingContext.BindingData));
    }

    private static object? Named(ParameterInfo parameter, IReadOnlyDictionary<string, object?> data)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (!data.TryGetValue(parameter.Name ?? "", out var value) || value is null)
        {
            if (parameter.HasDefaultValue)
                return parameter.DefaultValue;
            return type == parameter.ParameterType && type.IsValueType ? throw new MissingValueException() : null;
        }
        var text = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        if (type == typeof(string))
            return text;
        if (type == typeof(Guid))
            return Guid.Parse(text);
        if (type == typeof(DateTime))
            return DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind);
        // Everything else is read as JSON, as the worker's last converter does: "true" is a bool, "True" is not; an enum is its number.
        return JsonSerializer.Deserialize(text, type, Json);
    }

    private sealed class MissingValueException : Exception;
}
