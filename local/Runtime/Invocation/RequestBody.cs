using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Local.Runtime.Invocation;

/// <summary>Reads <c>[FromBody]</c> by MVC's body binder, as the worker's ASP.NET Core integration does; a body that does not fit is an <see cref="InvalidOperationException"/>.</summary>
internal static class RequestBody
{
    public static async ValueTask<object?> ReadAsync(HttpContext http, Type type)
    {
        var metadata = http.RequestServices.GetRequiredService<IModelMetadataProvider>().GetMetadataForType(type);
        var binder = http.RequestServices.GetRequiredService<IModelBinderFactory>().CreateBinder(new ModelBinderFactoryContext
        {
            Metadata = metadata,
            BindingInfo = new BindingInfo { BinderModelName = "", BindingSource = BindingSource.Body },
        });
        var binding = new DefaultModelBindingContext
        {
            ActionContext = new ActionContext { HttpContext = http },
            BindingSource = BindingSource.Body,
            ModelMetadata = metadata,
            ModelName = "",
            ModelState = new ModelStateDictionary(),
        };
        await binder.BindModelAsync(binding);
        if (binding.Result.IsModelSet)
            return binding.Result.Model;
        var errors = binding.ModelState.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage);
        throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
    }
}
